// Package snapshotfile writes a Snapshot to a file, with its values masked, and reads it back. A file is hostile input: Read bounds
// its size and refuses what Write never writes.
package snapshotfile
