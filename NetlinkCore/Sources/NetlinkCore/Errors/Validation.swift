// SPDX-License-Identifier: Apache-2.0

/// What is wrong with one field of a value that a user filled in.
public struct FieldProblem: Hashable, Sendable {
    /// The field by its name in this library, `id`; of a value inside another with the names around it, `peer.name`.
    public let field: String
    /// What is wrong, in words that need no field in front of them.
    public let message: String

    /// Describes a problem.
    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

extension FieldProblem: CustomStringConvertible {
    /// The field and the words.
    public var description: String { "\(field): \(message)" }
}

/// Collects what is wrong with a value that a user filled in, so that all of it is told at once.
///
/// ```swift
/// func validate() throws(NetlinkError) {
///     var validation = Validation()
///     if id > 4094 { validation.add("id", "id \(id) is above 4094") }
///     validation.include("peer") { () throws(NetlinkError) in try peer.validate() }
///     try validation.finish(object: name)
/// }
/// ```
public struct Validation: Sendable {
    /// What is wrong, in the order in which it was found.
    public private(set) var problems: [FieldProblem] = []

    /// Begins with nothing wrong.
    public init() {}

    /// Notes what is wrong with a field.
    public mutating func add(_ field: String, _ message: String) { problems.append(FieldProblem(field, message)) }

    /// Notes what is wrong with a value that stands in a field.
    public mutating func include(_ field: String, _ validate: () throws(NetlinkError) -> Void) {
        do throws(NetlinkError) { try validate() } catch {
            if error.problems.isEmpty { return add(field, error.explanation ?? error.description) }
            problems += error.problems.map { FieldProblem("\(field).\($0.field)", $0.message) }
        }
    }

    /// Throws what was noted, if anything was.
    ///
    /// - Throws: ``NetlinkError`` with code ``NetlinkError/Code/invalidArgument``, whose ``NetlinkError/problems`` are
    ///   those noted and whose explanation is their words, one behind the other.
    public func finish(operation: String? = nil, object: String? = nil) throws(NetlinkError) {
        if problems.isEmpty { return }
        throw NetlinkError(
            .invalidArgument, operation: operation, object: object,
            explanation: problems.map(\.message).joined(separator: "; ")
        ).listing(problems)
    }
}
