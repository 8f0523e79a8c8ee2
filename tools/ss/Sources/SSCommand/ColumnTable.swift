// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The columns of a listing.
enum Column: Int, CaseIterable {
    case netid, state, receiveQueue, sendQueue, localAddress, localPort, peerAddress, peerPort, process, details

    var title: StaticString {
        switch self {
        case .netid: "Netid"
        case .state: "State"
        case .receiveQueue: "Recv-Q"
        case .sendQueue: "Send-Q"
        case .localAddress: "Local Address:"
        case .localPort, .peerPort: "Port"
        case .peerAddress: "Peer Address:"
        case .process: "Process"
        case .details: ""
        }
    }

    var isRightAligned: Bool { self == .localAddress || self == .peerAddress }

    /// Whether a space sets it off from the one before it.
    var hasDelimiter: Bool {
        switch self {
        case .netid, .localPort, .peerPort, .process, .details: false
        default: true
        }
    }
}

/// Lines of fields under columns, gathered until the columns' widths are known.
///
/// Fields are written one after the other into ``bytes``; ``end()`` ends one and begins the next.
struct ColumnTable: ~Copyable {
    /// What was written of fields that are not printed yet.
    var bytes: [UInt8] = []
    private var lengths: [UInt32] = []
    private var start = 0
    private let columns: [Column]
    private var widest: [Int]
    private var index = 0
    private var lastLength = 0
    private let isEnabled: [Bool]
    private let screenWidth: Int?
    private var rendered: [UInt8] = []
    private let descriptor: Int32?
    private(set) var writeError: Int32 = 0

    // What is gathered before it is printed; widths seen until then hold for the rest.
    private static let byteLimit = 1 << 20

    /// A table without some columns; on a terminal of some width the columns share all of it.
    ///
    /// It is written to a descriptor, or kept for ``takeBytes()`` where that is nil.
    init(without disabled: Set<Column>, screenWidth: Int?, descriptor: Int32? = 1) {
        self.descriptor = descriptor
        isEnabled = Column.allCases.map { !disabled.contains($0) }
        columns = Column.allCases.filter { !disabled.contains($0) }
        widest = columns.map { _ in 0 }
        self.screenWidth = screenWidth
    }

    /// Whether a column is shown.
    func shows(_ column: Column) -> Bool { isEnabled[column.rawValue] }

    /// The titles as a line.
    mutating func header() {
        for column in columns {
            bytes.append(contentsOf: column.title.description.utf8)
            end()
        }
    }

    /// Ends a field; the last one of a line ends the line.
    mutating func end() {
        if index == 0 { noteLast() }
        let length = bytes.count - start
        if index == columns.count - 1 {
            lastLength = length
        } else if length > widest[index] {
            widest[index] = length
        }
        lengths.append(UInt32(truncatingIfNeeded: length))
        start = bytes.count
        index += 1
        guard index == columns.count else { return }
        index = 0
        if bytes.count >= Self.byteLimit { render() }
    }

    /// The last field of the last line does not widen its column, as nothing follows it.
    private mutating func noteLast() {
        if let last = widest.last, lastLength > last { widest[widest.count - 1] = lastLength }
        lastLength = 0
    }

    /// Prints all that was gathered.
    mutating func finish() {
        render()
        flush()
    }

    // MARK: Widths

    private var widths: [Int] {
        var widths: [Int] = []
        var isFirst = true
        for (column, content) in zip(columns, widest) {
            var width = content
            if !isFirst, content > 0, column.hasDelimiter { width += 1 }
            if let screenWidth { width = min(width, screenWidth) }
            if width > 0 { isFirst = false }
            widths.append(width)
        }
        if let screenWidth { Self.spread(&widths, over: screenWidth) }
        return widths
    }

    /// Lets the columns of each line of the screen share what is left of it, the last ones first.
    private static func spread(_ widths: inout [Int], over screenWidth: Int) {
        let shown = widths.indices.filter { widths[$0] > 0 }
        var line: [Int] = []
        var length = 0
        func fill() {
            guard !line.isEmpty, length < screenWidth else { return }
            let (share, rest) = (screenWidth - length).quotientAndRemainder(dividingBy: line.count)
            for index in line { widths[index] += share }
            for index in line.suffix(rest) { widths[index] += 1 }
        }
        for index in shown {
            if length + widths[index] > screenWidth {
                fill()
                line = []
                length = 0
            }
            line.append(index)
            length += widths[index]
        }
        fill()
    }

    // MARK: Printing

    private mutating func render() {
        let widths = widths
        let isRight = columns.map(\.isRightAligned)
        let isDelimited = columns.map(\.hasDelimiter)
        let gathered = bytes
        bytes = []
        var position = 0
        var column = 0
        let count = columns.count
        for length in lengths {
            let end = position + Int(length)
            var pad = widths[column] - Int(length)
            // The delimiter stands between fields, even where one is empty.
            if column > 0, isDelimited[column] {
                rendered.append(0x20)
                pad -= 1
            }
            if isRight[column] { appendSpaces(pad) }
            rendered.append(addingCapacity: Int(length)) { (out: inout OutputSpan<UInt8>) in
                for index in position..<end { out.append(gathered[index]) }
            }
            if !isRight[column] { appendSpaces(pad) }
            position = end
            column += 1
            if column == count {
                rendered.append(0x0a)
                column = 0
                if rendered.count >= 1 << 16 { flush() }
            }
        }
        lengths.removeAll(keepingCapacity: true)
        start = 0
    }

    private mutating func appendSpaces(_ count: Int) {
        guard count > 0 else { return }
        rendered.append(addingCapacity: count) { (out: inout OutputSpan<UInt8>) in
            for _ in 0..<count { out.append(0x20) }
        }
    }

    private mutating func flush() {
        guard let descriptor else { return }
        if writeError == 0, !rendered.isEmpty { writeError = System.write(rendered, to: descriptor) }
        rendered.removeAll(keepingCapacity: true)
    }

    /// What was printed without a descriptor, and forgets it.
    mutating func takeBytes() -> [UInt8] {
        let bytes = rendered
        rendered = []
        return bytes
    }
}

extension [UInt8] {
    /// Appends text.
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    /// Appends a hexadecimal number.
    mutating func append(hexadecimal number: some FixedWidthInteger & UnsignedInteger) {
        let value = UInt64(number)
        var shift = value == 0 ? 0 : (63 - value.leadingZeroBitCount) & ~3
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            shift -= 4
        }
    }
}
