import Glibc

/// The operating-system account that the server runs as. Postgres refuses to run as root.
struct ServerAccount: Equatable {
  var userID: uid_t
  var groupID: gid_t
  /// What a command starts with so that it runs as this account; empty when that is us.
  var commandPrefix: [String]

  /// Ourselves, or `postgres` when we are root.
  static func current() throws(PrivateClusterError) -> ServerAccount {
    guard geteuid() == 0 else { return ServerAccount(userID: geteuid(), groupID: getegid(), commandPrefix: []) }
    guard let entry = getpwnam("postgres") else {
      throw PrivateClusterError(
        code: .folderUnusable,
        message: "Postgres does not run as root, and there is no account `postgres` to run it as")
    }
    let (userID, groupID) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
    // setpriv opens no PAM session; runuser is there where setpriv is not.
    for program in ["/usr/bin/setpriv", "/bin/setpriv"] where access(program, X_OK) == 0 {
      let prefix = [program, "--reuid", "\(userID)", "--regid", "\(groupID)", "--init-groups", "--"]
      return ServerAccount(userID: userID, groupID: groupID, commandPrefix: prefix)
    }
    for program in ["/usr/sbin/runuser", "/sbin/runuser"] where access(program, X_OK) == 0 {
      return ServerAccount(userID: userID, groupID: groupID, commandPrefix: [program, "-u", "postgres", "--"])
    }
    throw PrivateClusterError(code: .programsMissing, message: "neither setpriv nor runuser was found (util-linux)")
  }
}
