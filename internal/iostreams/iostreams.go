// Package iostreams holds the arguments, streams and environment of a command. Tests pass their own.
package iostreams

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strings"

	"k8s.io/client-go/rest"
)

// IOStreams is everything that a command may use besides clusters and files.
type IOStreams struct {
	Args     []string // including the program's name
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Interrupt cancels the context of Main, like the signal. A full-screen view needs it, because the terminal then delivers Ctrl-C
	// as a key. It may be nil.
	Interrupt func()
	// Terminal records how to restore the terminal; whatever draws on it sets that. Main sets it. It may be nil.
	Terminal *Terminal
	// Configure changes the clients of clusters. It may be nil. Tests use it to connect without a network.
	Configure func(*rest.Config)
	// Listen opens the port of a server; nil means net.ListenConfig. Tests serve without a network.
	Listen func(ctx context.Context, network, address string) (net.Listener, error)
	// Verbosity is the level of -v after the flags are parsed. LogRequests makes client-go log its requests to Err. Both may be nil.
	Verbosity   *int
	LogRequests func(level int)
	// Offline makes HTTP clients without their own transport refuse every request, and silences what libraries print. It may be nil.
	Offline func()
	// ReserveOutput keeps the standard output for Out: what libraries print there goes to the standard error. It may be nil.
	ReserveOutput func()
}

// LogsRequests reports whether requests are logged to Err.
func (w IOStreams) LogsRequests() bool { return w.Verbosity != nil && *w.Verbosity > 0 }

// DisplayName returns the command that the user types: "kubectl choreo" or "flux choreo".
func DisplayName(args []string) string {
	if ProgramName(args) == "flux-choreo" {
		return "flux choreo"
	}
	return "kubectl choreo"
}

// WithProgramName replaces the program's name in a text with name.
func WithProgramName(text, name string) string {
	return strings.ReplaceAll(text, "kubectl choreo", name)
}

// ProgramName returns the file name of the executed program.
func ProgramName(args []string) string {
	if len(args) == 0 {
		return "kubectl-choreo"
	}
	return strings.TrimSuffix(filepath.Base(args[0]), ".exe")
}
