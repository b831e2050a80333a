// Package facts holds the data that was read from the clusters: a Snapshot of objects, lists and logs, each with the outcome of
// its request. Package snapshotfile writes a Snapshot to a file and reads it back.
//
// Facts carry no verdict. Absent, forbidden, not installed, unreachable and not requested are five different facts. None of them
// is an error that ends a trace: the ladder then has an unknown rung.
package facts
