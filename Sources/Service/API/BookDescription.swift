import Domain
import Projections

/// Books and their state as JSON.
enum BookDescription {
  static func json(_ book: ProjectionDefinition) -> JSON {
    .object([
      "projection": .text(book.name), "version": .integer(Int64(book.version)), "title": .text(book.title),
      "description": .text(book.description), "event_types": .array(book.eventTypes.map { .text($0) }),
      "tables": .array(
        book.tables.map { table in
          .object([
            "table": .text(table.name), "description": .text(table.description),
            "key": .array(table.key.map { .text($0) }),
          ])
        }),
      "queries": .array(book.queries.map(json)),
    ])
  }

  private static func json(_ query: QueryDefinition) -> JSON {
    .object([
      "query": .text(query.name), "title": .text(query.title), "description": .text(query.description),
      "parameters": .array(
        query.parameters.map { parameter in
          .object([
            "name": .text(parameter.name), "type": .text(parameter.type.rawValue),
            "required": .boolean(parameter.isRequired), "default": parameter.defaultText.map { .text($0) },
            "allowed": parameter.allowed.isEmpty ? nil : .array(parameter.allowed.map { .text($0) }),
            "description": .text(parameter.description),
          ])
        }),
      "columns": .array(
        query.columns.map { column in
          .object([
            "name": .text(column.name), "type": .text(column.type.rawValue), "description": .text(column.description),
            "present_if_listed_in": column.presentIfListedIn.map { .text($0) },
          ])
        }),
    ])
  }

  static func json(_ status: BookStatus) -> JSON {
    .object([
      "projection": .text(status.projection), "version": .integer(Int64(status.version)),
      "state": .text(status.state.rawValue), "position": .integer(status.position), "head": .integer(status.head),
      "head_recordedtime": status.headRecordedTime.map { .text($0.description) },
      "lag_positions": .integer(status.lagPositions),
      "lag_ms": .integer(Int64((status.lagSeconds * 1000).rounded(.up))),
      "holder": status.holder.map { .text($0) },
      "fault": status.fault.map { fault in
        .object([
          "version": .integer(Int64(fault.version)), "position": .integer(fault.position),
          "sqlstate": .text(fault.sqlState), "message": .text(fault.message), "since": .text(fault.since.description),
        ])
      },
      "building": status.building.map { building in
        .object(["version": .integer(Int64(building.version)), "position": .integer(building.position)])
      },
    ])
  }
}
