// Package events reads the Warning events of a Snapshot.
package events
