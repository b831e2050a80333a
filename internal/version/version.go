// Package version reports the build of this program.
package version

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// Version, Commit and Date (of the commit, RFC 3339) are set by the linker in a release. They are empty in a build from source,
// which uses the build information of the Go module.
var (
	Version string
	Commit  string
	Date    string
)

// Build is the build information of a program. Unknown fields are empty.
type Build struct{ Version, Commit, Date, Go, Platform string }

// Current returns this program's Build.
func Current() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return build(Build{Version: Version, Commit: Commit, Date: Date}, info)
}

// build fills empty fields of linked from info.
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
