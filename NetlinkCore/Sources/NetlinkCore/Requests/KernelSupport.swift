// SPDX-License-Identifier: Apache-2.0

/// Whether the kernel takes a request: whether it knows the message, its attributes and their values.
///
/// What the `probe` methods of both connections answer.
public struct KernelSupport: Equatable, Sendable {
    /// Why the kernel does not take the request, with the attribute at fault where it named one; nil when it does.
    public let refusal: NetlinkError?
    /// Whether the kernel takes the request.
    public var isSupported: Bool { refusal == nil }

    init(refusal: NetlinkError?) { self.refusal = refusal }

    /// What an error that answered a request says; nil when it says nothing of the request, such as a missing right.
    init?(_ error: NetlinkError) {
        guard error.code.errorNumber != nil else { return nil }
        switch error.code {
        case .notSupported, .protocolNotSupported, .familyNotSupported, .noProtocolOption,
            .connectionRefused, .invalidArgument, .outOfRange:
            refusal = error
        // The kernel looks at rights before it looks at the message; the others pass.
        case .notPermitted, .accessDenied, .timedOut, .cancelled, .interruptedCall, .wouldBlock, .outOfMemory,
            .noBufferSpace, .tooManyOpenFiles, .messageTooLong, .inputOutput, .badDescriptor, .busy:
            return nil
        // Understood, and refused for what it names.
        default: refusal = nil
        }
    }
}

/// What the kernel answered to probes in one namespace, bounded in number.
final class ProbeCache: Sendable {
    struct Key: Hashable, Sendable {
        // Families of generic netlink share a protocol, and their requests a type until they are sent.
        var family: ObjectIdentifier
        var isDump: Bool
        // A message may hold keys, which are not to stay when the answers are given up.
        var message: SecretBytes

        init<R: Request>(_ request: R, _ kind: RequestKind) throws(NetlinkError) {
            family = ObjectIdentifier(R.Family.self)
            isDump = kind == .dump
            do throws(NetlinkError) { message = try request.withEncodedMessage(kind) { SecretBytes($0) } } catch {
                throw error.naming(operation: "\(request.operation)", object: request.object)
            }
        }
    }

    static let countLimit = 512
    private let answers = Lock<[Key: KernelSupport]>([:])

    subscript(key: Key) -> KernelSupport? {
        get { answers.withLock { $0[key] } }
        set {
            answers.withLock { answers in
                if answers.count >= Self.countLimit, answers[key] == nil { answers.removeAll() }
                answers[key] = newValue
            }
        }
    }

    private struct Holder { weak var cache: ProbeCache? }
    private static let all = Lock<[NamespaceIdentity: Holder]>([:])

    /// The answers in a namespace, shared by all connections to it that are open.
    ///
    /// Not kept longer: while one is open the identity is that namespace's, later it may be another's.
    static func of(_ identity: NamespaceIdentity) -> ProbeCache {
        all.withLock { all in
            if let known = all[identity]?.cache { return known }
            let cache = ProbeCache()
            all = all.filter { $0.value.cache != nil }
            all[identity] = Holder(cache: cache)
            return cache
        }
    }
}

/// The answers in the namespace of a connection, looked up with the first probe: most connections never see one.
final class ProbeAnswers: Sendable {
    private let identity: NamespaceIdentity?
    private let cache = Lock<ProbeCache?>(nil)

    /// Those of a namespace; of what has none, the answers are its own.
    init(of identity: NamespaceIdentity?) { self.identity = identity }

    private var found: ProbeCache {
        cache.withLock { cache in
            if let cache { return cache }
            let found = identity.map(ProbeCache.of) ?? ProbeCache()
            cache = found
            return found
        }
    }

    subscript(key: ProbeCache.Key) -> KernelSupport? {
        get { found[key] }
        set { found[key] = newValue }
    }
}

/// A query of whose answer only counts that it comes.
struct UnreadQuery<Base: Query>: Query {
    typealias Family = Base.Family
    let base: Base
    var messageType: UInt16 { base.messageType }
    var flags: MessageFlags { base.flags }
    var operation: StaticString { base.operation }
    var object: String? { base.object }
    func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) {}
}

/// A dump of whose answer only counts that it comes.
struct UnreadDump<Base: Dump>: Dump {
    typealias Family = Base.Family
    let base: Base
    var messageType: UInt16 { base.messageType }
    var flags: MessageFlags { base.flags }
    var operation: StaticString { base.operation }
    var object: String? { base.object }
    func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) -> Void? { () }
}
