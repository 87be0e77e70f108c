internal import Domain

/// Writes the body of a request.
enum OpenRouterBody {
  static func bytes(_ request: AIRequest, _ names: OpenRouterNames, isStream: Bool) -> [UInt8] {
    let parameters = request.parameters
    let model = names.id(of: request.model)
    var members: JSON = .object([
      "model": .text(model), "messages": .array(request.messages.map(message)),
      "models": request.alternatives.isEmpty
        ? nil : .array([.text(model)] + request.alternatives.map { .text(names.id(of: $0)) }),
      "max_tokens": parameters.maximumOutputTokens.map { .integer($0) },
      "stop": parameters.stop.isEmpty ? nil : .array(parameters.stop.map { .text($0) }),
      "seed": parameters.seed.map { .integer($0) }, "stream": isStream ? .boolean(true) : nil,
      "usage": .object(["include": .boolean(true)]),
    ])
    for (name, value) in parameters.further { members[name] = value }
    var bytes = members.canonical
    // The ledger's JSON has no fractions; these two are exact decimals.
    for (name, value) in [("temperature", parameters.temperature), ("top_p", parameters.topP)] {
      guard let value, parameters.further[name] == nil else { continue }
      bytes.removeLast()
      bytes += Array(",\"\(name)\":\(value)}".utf8)
    }
    return bytes
  }

  private static func message(_ message: AIMessage) -> JSON {
    var content: JSON
    if message.parts.count == 1, case .text(let text) = message.parts[0] {
      content = .text(text)
    } else {
      content = .array(
        message.parts.map { part in
          switch part {
          case .text(let text): .object(["type": .text("text"), "text": .text(text)])
          case .image(let url):
            .object(["type": .text("image_url"), "image_url": .object(["url": .text(url)])])
          }
        })
    }
    return .object([
      "role": .text(message.role.rawValue), "content": content,
      "tool_call_id": message.toolCall.map { .text($0) },
    ])
  }
}
