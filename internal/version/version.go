// Package version says which build this is.
package version

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// Version, Commit and Date (of the commit, RFC 3339) are set by the linker in a release. They are empty in a build from
// source, where the module's own build information is used.
var (
	Version string
	Commit  string
	Date    string
)

// Build is what a program knows of how it was made. What it does not know is empty.
type Build struct{ Version, Commit, Date, Go, Platform string }

// Current is this program's Build.
func Current() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return build(Build{Version: Version, Commit: Commit, Date: Date}, info)
}

// build fills in from info what the linker was not told.
func build(linked Build, info *debug.BuildInfo) Build {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	return Build{
		Version:  cmp.Or(linked.Version, info.Main.Version, "(devel)"),
		Commit:   cmp.Or(linked.Commit, settings["vcs.revision"]),
		Date:     cmp.Or(linked.Date, settings["vcs.time"]),
		Go:       runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
}
