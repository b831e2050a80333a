// Package iostreams holds what a command may touch besides clusters and files: its arguments, streams and environment. A test
// passes its own.
package iostreams

import (
	"io"
	"path/filepath"
	"strings"

	"k8s.io/client-go/rest"
)

// IOStreams is everything that a command may touch besides clusters and files.
type IOStreams struct {
	Args     []string // with the program's name
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Interrupt ends the context of Main, as the signal does: while a terminal is drawn on, Ctrl-C is a key. It may be nil.
	Interrupt func()
	// Configure changes how clusters are reached. It may be nil: tests reach theirs without a network.
	Configure func(*rest.Config)
	// Verbosity is the level of -v, once the flags are parsed. LogRequests begins to write client-go's log of requests to Err. Both may be nil.
	Verbosity   *int
	LogRequests func(level int)
	// Offline makes HTTP clients without a transport of their own refuse every request. It may be nil.
	Offline func()
}

// LogsRequests reports whether Err gets the log of requests.
func (w IOStreams) LogsRequests() bool { return w.Verbosity != nil && *w.Verbosity > 0 }

// DisplayName is how the user calls this program: as a plugin of kubectl, or of flux.
func DisplayName(args []string) string {
	if ProgramName(args) == "flux-choreo" {
		return "flux choreo"
	}
	return "kubectl choreo"
}

// WithProgramName makes a text of ours name the program as its user does.
func WithProgramName(text, name string) string {
	return strings.ReplaceAll(text, "kubectl choreo", name)
}

// ProgramName is that of the file that was called.
func ProgramName(args []string) string {
	if len(args) == 0 {
		return "kubectl-choreo"
	}
	return strings.TrimSuffix(filepath.Base(args[0]), ".exe")
}
