import Domain

/// The models that were configured, with the names that lead to them.
///
/// Names are printable ASCII, for which `String`'s equality is that of the bytes.
struct ModelRegister: Sendable {
  private var models: Layered<String, Model>
  private var names: Layered<String, String>

  init(_ models: [Model] = []) {
    self.models = Layered(Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) }))
    names = Layered(
      Dictionary(models.flatMap { model in model.aliases.map { ($0, model.name) } }) { first, _ in first })
  }

  /// True where no model was configured.
  var isEmpty: Bool { models.isEmpty }

  /// The model of this exact name.
  subscript(name: String) -> Model? { models[name] }

  /// The exact name that a name or alias leads to; an unknown name leads to itself.
  func exactName(_ name: String) -> String {
    models[name] == nil ? names[name] ?? name : name
  }

  /// The model that has a name as its own or as an alias; nil where none has.
  func owner(of name: String) -> String? { models[name]?.name ?? names[name] }

  /// Every model, by name.
  var all: [Model] { models.values.sorted { ExactText($0.name) < ExactText($1.name) } }

  /// Those that are committed, by name.
  var merged: [Model] { models.merged.values.sorted { ExactText($0.name) < ExactText($1.name) } }

  mutating func configure(_ model: Model) {
    for alias in models[model.name]?.aliases ?? [] where names[alias] == model.name { names[alias] = nil }
    for alias in model.aliases { names[alias] = model.name }
    models[model.name] = model
  }

  mutating func merge() {
    models.merge()
    names.merge()
  }

  mutating func drop() {
    models.drop()
    names.drop()
  }
}
