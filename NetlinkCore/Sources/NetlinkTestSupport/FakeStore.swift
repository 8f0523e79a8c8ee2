// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore

/// Objects that a fake kernel keeps: added, replaced, removed, queried and dumped as real kernels do.
///
/// Objects are told apart by the bytes that the key closure takes from a payload.
///
/// ```swift
/// let links = FakeStore(new: 16, delete: 17, get: 18) { payload in Array(payload[4..<8]) }
/// let kernel = FakeKernel { request in links.answer(request) ?? request.error(.notSupported) }
/// ```
public final class FakeStore: Sendable {
    private let new: UInt16
    private let delete: UInt16
    private let get: UInt16
    private let key: @Sendable ([UInt8]) -> [UInt8]
    private let kept: Lock<[(key: [UInt8], object: FakeMessage)]>

    /// Makes a store of the objects that these three message types handle.
    public init(
        new: UInt16, delete: UInt16, get: UInt16, _ objects: [FakeMessage] = [],
        key: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.new = new
        self.delete = delete
        self.get = get
        self.key = key
        kept = Lock(objects.map { (key($0.payload), $0) })
    }

    /// The objects, in the order in which they were added.
    public var objects: [FakeMessage] { kept.withLock { $0.map(\.object) } }

    /// What the kernel answers; nil when the request is about something else.
    public func answer(_ request: FakeRequest) -> FakeAnswer? {
        switch request.type {
        case new: add(request)
        case delete: remove(request)
        case get where request.isDump: request.dump(objects)
        case get: find(request)
        default: nil
        }
    }

    private func add(_ request: FakeRequest) -> FakeAnswer {
        let key = key(request.payload)
        let object = FakeMessage(type: new, payload: request.payload)
        let code: NetlinkError.Code? = kept.withLock { kept in
            if let index = kept.firstIndex(where: { $0.key == key }) {
                if request.flags.contains(.exclusive) { return .exists }
                kept[index].object = object
            } else if request.flags.contains(.create) {
                kept.append((key, object))
            } else {
                return .notFound
            }
            return nil
        }
        return code.map { request.error($0) } ?? request.acknowledge()
    }

    private func remove(_ request: FakeRequest) -> FakeAnswer {
        let key = key(request.payload)
        let isThere = kept.withLock { kept in
            let index = kept.firstIndex { $0.key == key }
            if let index { kept.remove(at: index) }
            return index != nil
        }
        return isThere ? request.acknowledge() : request.error(.notFound)
    }

    private func find(_ request: FakeRequest) -> FakeAnswer {
        let key = key(request.payload)
        let object = kept.withLock { kept in kept.first { $0.key == key }?.object }
        return object.map { request.object($0) } ?? request.error(.notFound)
    }
}
