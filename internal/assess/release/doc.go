// Package release assesses the ComponentRelease that a binding pins: the rung release.
package release
