// Package snapshotfile writes a Snapshot to a file, with its values masked, and reads it back. A file is untrusted input: Read
// limits its size and rejects anything that Write never writes.
package snapshotfile
