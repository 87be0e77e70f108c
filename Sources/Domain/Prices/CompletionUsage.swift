/// Reads the `usage` member of a completion.
public enum CompletionUsage {
  /// The classes that a completion says were used; none where its `usage_source` is `absent`.
  public static func told(by body: JSONView) -> [(usageClass: UsageClass, quantity: Int64)] {
    body["usage_source"]?.isString("absent") == true ? [] : classes(of: body["usage"])
  }

  /// The classes that a validated `usage` object tells, in the order of `UsageClass.allCases`; empty where it tells none.
  ///
  /// - Parameter view: the object, or nil where the member is missing.
  public static func classes(of view: JSONView?) -> [(usageClass: UsageClass, quantity: Int64)] {
    guard let view else { return [] }
    var classes: [(usageClass: UsageClass, quantity: Int64)] = []
    classes.reserveCapacity(view.count)
    for usageClass in UsageClass.allCases {
      if let quantity = view[usageClass.rawValue]?.integer { classes.append((usageClass, quantity)) }
    }
    return classes
  }

  /// The same from a built value.
  public static func classes(of json: JSON?) -> [(usageClass: UsageClass, quantity: Int64)] {
    guard let json else { return [] }
    var classes: [(usageClass: UsageClass, quantity: Int64)] = []
    for usageClass in UsageClass.allCases {
      if let quantity = json[usageClass.rawValue]?.integer { classes.append((usageClass, quantity)) }
    }
    return classes
  }
}
