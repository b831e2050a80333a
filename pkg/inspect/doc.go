// Package inspect shows what a Snapshot holds about one object.
package inspect
