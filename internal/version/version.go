// Package version says which build this is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version and Commit are set by the linker in a release. They are empty in a build from source, where the module's own
// build information is used.
var (
	Version string
	Commit  string
)

// String is one line: version, commit, Go and platform.
func String() string {
	version, commit := Version, Commit
	if info, ok := debug.ReadBuildInfo(); ok {
		if version == "" {
			version = info.Main.Version
		}
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" && commit == "" {
				commit = setting.Value
			}
		}
	}
	if version == "" {
		version = "(devel)"
	}
	if commit != "" {
		version += fmt.Sprintf(" (%.12s)", commit)
	}
	return fmt.Sprintf("kubectl-choreo %s, %s, %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
