import Domain
import Postgres

/// A parameter's value, checked against its definition.
enum BoundValue: Sendable, Equatable {
  case null
  case text(String)
  case texts([String])
  case integer(Int64)
  case boolean(Bool)
  case timestamp(Timestamp)
  /// The producer's own name for a person, still to be turned into tokens.
  case person(String)
}

extension ParameterType {
  /// How SQL sees the parameter: the type is fixed by a cast, so that a prepared statement never depends on what the
  /// first caller happened to bind. `?` stands for the number.
  var cast: String {
    switch self {
    case .text: "(?::text)"
    case .texts: "(?::text[])"
    case .date: "((?::text)::date)"
    case .integer: "(?::bigint)"
    case .amount: "((?::text)::numeric)"
    case .boolean: "(?::boolean)"
    case .person: "(?::text[])"
    case .timestamp: "(?::timestamptz)"
    }
  }
}

extension QueryParameter {
  /// Reads the texts that were given for the parameter, in order; at least one.
  func bind(_ texts: [String]) -> Result<BoundValue, ParameterFailure> {
    if type == .texts { return bindList(texts) }
    guard texts.count == 1, let text = texts.first else {
      return .failure(ParameterFailure(code: "repeated", detail: "may be given once"))
    }
    if !allowed.isEmpty, !allowed.contains(where: { ExactText($0) == ExactText(text) }) {
      return .failure(notAllowed)
    }
    switch type {
    case .text, .texts: return isText(text) ? .success(.text(text)) : .failure(notText)
    case .person: return isText(text) ? .success(.person(text)) : .failure(notText)
    case .date:
      guard let date = CivilDate(text), text.utf8.count == 10 else {
        return .failure(ParameterFailure(code: "type", detail: "must be a day, YYYY-MM-DD"))
      }
      return .success(.text(date.description))
    case .integer:
      guard let value = Int64(text), String(value) == text else {
        return .failure(ParameterFailure(code: "type", detail: "must be an integer"))
      }
      if let minimum, value < minimum { return .failure(outOfRange) }
      if let maximum, value > maximum { return .failure(outOfRange) }
      return .success(.integer(value))
    case .amount:
      guard let amount = Amount(text) else {
        return .failure(ParameterFailure(code: "type", detail: "must be a decimal number with 12 places at most"))
      }
      if let minimum, amount.units < Int128(minimum) * Amount(whole: 1).units { return .failure(outOfRange) }
      if let maximum, amount.units > Int128(maximum) * Amount(whole: 1).units { return .failure(outOfRange) }
      return .success(.text(amount.description))
    case .boolean:
      switch text {
      case "true": return .success(.boolean(true))
      case "false": return .success(.boolean(false))
      default: return .failure(ParameterFailure(code: "type", detail: "must be true or false"))
      }
    case .timestamp:
      guard let moment = Timestamp(rfc3339: text) else {
        return .failure(ParameterFailure(code: "type", detail: "must be a moment as RFC 3339 has it"))
      }
      return .success(.timestamp(moment))
    }
  }

  private func bindList(_ texts: [String]) -> Result<BoundValue, ParameterFailure> {
    let parts = texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    if parts.contains(where: { !isText($0) }) { return .failure(notText) }
    if parts.count > 100 { return .failure(ParameterFailure(code: "range", detail: "takes 100 values at most")) }
    if Set(parts.map { ExactText($0) }).count < parts.count {
      return .failure(ParameterFailure(code: "repeated", detail: "names something twice"))
    }
    if !allowed.isEmpty {
      let known = Set(allowed.map { ExactText($0) })
      if parts.contains(where: { !known.contains(ExactText($0)) }) { return .failure(notAllowed) }
    }
    return .success(.texts(parts))
  }

  private func isText(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= 1024 && !text.utf8.contains(0) }
  private var notText: ParameterFailure { ParameterFailure(code: "type", detail: "must be 1 to 1024 bytes of text") }
  private var notAllowed: ParameterFailure {
    ParameterFailure(code: "enum", detail: "must be of \(allowed.joined(separator: ", "))")
  }
  private var outOfRange: ParameterFailure {
    ParameterFailure(
      code: "range", detail: "must be from \(minimum.map(String.init) ?? "…") to \(maximum.map(String.init) ?? "…")")
  }
}

/// Why a text does not fit a parameter.
struct ParameterFailure: Error, Equatable {
  var code: String
  var detail: String
}
