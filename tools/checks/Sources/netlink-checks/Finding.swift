// SPDX-License-Identifier: Apache-2.0

/// Something wrong, where it is wrong.
struct Finding: Hashable {
    let path: String
    /// Counted from 1; 0: the file as a whole.
    let line: Int
    let text: String

    init(_ path: String, _ line: Int, _ text: String) {
        self.path = path
        self.line = line
        self.text = text
    }

    /// As compilers print them, so that editors find the place.
    func description(relativeTo root: String) -> String {
        let shown = path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
        return line == 0 ? "\(shown): error: \(text)" : "\(shown):\(line): error: \(text)"
    }
}

/// What a check found, and one line on what it looked at.
struct Report {
    var findings: [Finding] = []
    var summary = ""
    /// Printed, but no failure.
    var remarks: [String] = []
}
