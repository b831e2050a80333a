// Package facts holds what was seen in the clusters: a Snapshot of objects, lists and logs, each with the
// outcome of the question that was asked for it. It knows how to write a Snapshot to a file and to read it back.
//
// Facts carry no verdict. Absent, forbidden, not installed, unreachable and never asked are five different
// facts, and none of them is ever an error that ends the work: the ladder still stands with a hole in it.
package facts
