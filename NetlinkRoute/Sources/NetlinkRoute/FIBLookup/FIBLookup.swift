// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Looks up an IPv4 address in one routing table.
///
/// Rules are not asked, and a mark selects nothing: for the route that a packet would take, use ``RouteLookup``. As
/// long as a namespace has had no rules of its own, the tables local and main are one, and either finds the routes of
/// both.
///
/// Kernel: `struct fib_result_nl` of `include/net/ip_fib.h`, which is no part of the kernel's user interface.
public struct FIBLookup: Query {
    /// The protocol that it belongs to.
    public typealias Family = FIBLookupProtocol

    /// The address.
    public var address: IPv4Address
    /// The table, at most 255; unspecified is ``RoutingTable/main``.
    public var table: RoutingTable
    /// The type of service that routes must have, or none.
    public var typeOfService: UInt8
    /// Routes that lead farther than this are passed over.
    public var scope: RouteScope

    /// Looks up an address.
    public init(
        _ address: IPv4Address, in table: RoutingTable = .main, typeOfService: UInt8 = 0,
        scope: RouteScope = .universe
    ) {
        self.address = address
        self.table = table
        self.typeOfService = typeOfService
        self.scope = scope
    }

    /// The message's type.
    public var messageType: UInt16 { FIBLookupProtocol.messageType }
    /// What is done, for errors.
    public var operation: StaticString { "look up address in table" }
    /// What it is done to, for errors.
    public var object: String? { "\(address) table \(table.rawValue)" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        guard let number = UInt8(exactly: table.rawValue) else {
            return writer.fail(NetlinkError(.invalidArgument, explanation: "only tables up to 255 can be looked up so"))
        }
        writer.structure(FIBLookupResult.byteCount) { structure in
            structure.store(address.networkOrder, at: 0)
            structure.store(typeOfService, at: 8)
            structure.store(scope.rawValue, at: 9)
            structure.store(number, at: 10)
        }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> FIBLookupResult {
        try FIBLookupResult(message)
    }
}

/// What a routing table says about an address; neither gateway nor link are told.
///
/// Kernel: `struct fib_result_nl`.
public struct FIBLookupResult: Hashable, Sendable {
    // net/ip_fib.h: fl_addr 0, fl_mark 4, fl_tos 8, fl_scope 9, tb_id_in 10, tb_id 11, prefixlen 12, nh_sel 13,
    // type 14, scope 15, err 16. An integration test proves it.
    static let byteCount = 20

    /// Why there is no route; nil when there is one, and only then the other properties are set.
    ///
    /// `NetlinkError.Code.notFound` says that the table does not exist,
    /// `NetlinkError.Code.wouldBlock` that it has no route, or one that ends the lookup there.
    public var error: NetlinkError.Code?
    /// The table.
    public var table: RoutingTable
    /// The length of the route's prefix.
    public var prefixLength: UInt8
    /// Which of the route's next hops was chosen, from 0 on.
    public var nextHopNumber: UInt8
    /// What the route does with packets.
    public var type: RouteType
    /// How far away the destination is.
    public var scope: RouteScope

    init(_ message: borrowing Message) throws(DecodeError) {
        table = RoutingTable(rawValue: UInt32(try message.field(11, UInt8.self)))
        prefixLength = try message.field(12)
        nextHopNumber = try message.field(13)
        type = RouteType(rawValue: try message.field(14))
        scope = RouteScope(rawValue: try message.field(15))
        let number = try message.field(16, Int32.self)
        if number != 0 { error = NetlinkError.Code(rawValue: number == .min ? .max : abs(number)) }
    }

    /// The result of a route, or the error.
    func found(_ lookup: FIBLookup) throws(NetlinkError) -> FIBLookupResult {
        guard let error else { return self }
        // The kernel's own code for going on with the next table, which nobody does here.
        let isMissing = error == .wouldBlock
        throw NetlinkError(
            isMissing ? .networkUnreachable : error, operation: "\(lookup.operation)", object: lookup.object,
            explanation: isMissing ? "the table has no route" : nil)
    }
}

extension Connection where Family == FIBLookupProtocol {
    /// Opens a connection for lookups in a network namespace.
    public convenience init(
        lookupsIn namespace: Namespace, timeout: Duration? = .seconds(30)
    ) throws(NetlinkError) {
        try self.init(opening: try .fibLookup(in: namespace), timeout: timeout)
    }

    /// Looks up an address in one routing table.
    ///
    /// - Throws: `NetlinkError`: the table does not exist, has no route, or its route refuses packets.
    public func lookUp(
        _ address: IPv4Address, in table: RoutingTable = .main
    ) async throws(NetlinkError) -> FIBLookupResult {
        let lookup = FIBLookup(address, in: table)
        return try await query(lookup).found(lookup)
    }
}

extension BlockingConnection where Family == FIBLookupProtocol {
    /// Opens a connection for lookups in a network namespace.
    public convenience init(
        lookupsIn namespace: Namespace, timeout: Duration? = .seconds(30)
    ) throws(NetlinkError) {
        try self.init(opening: try .fibLookup(in: namespace), timeout: timeout)
    }

    /// Looks up an address in one routing table.
    ///
    /// - Throws: `NetlinkError`: the table does not exist, has no route, or its route refuses packets.
    public func lookUp(
        _ address: IPv4Address, in table: RoutingTable = .main
    ) throws(NetlinkError) -> FIBLookupResult {
        let lookup = FIBLookup(address, in: table)
        return try query(lookup).found(lookup)
    }
}
