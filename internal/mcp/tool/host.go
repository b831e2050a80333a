package tool

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Host is what tools use: a cluster or recorded states, and the commands of the program. The cluster, its namespace, the folder of the
// repository and the files are fixed.
type Host interface {
	// Read reads and assesses the component that a query leads to. Values of the Snapshot are masked.
	Read(ctx context.Context, q Query) (Reading, error)
	// Overview assesses the components of a scope.
	Overview(ctx context.Context, s Scope) (printers.StatusReport, error)
	// Run runs a command of the program without a terminal, about what a query names.
	Run(ctx context.Context, c Command) (Output, error)
	// Folder returns the path of a folder of the repository. It fails if the folder is outside of it.
	Folder(path string) (string, error)
	// States are the recorded states; none for a cluster.
	States() []State
	// Place is the namespace, and the context or the file, that the server is about.
	Place() string
}

// Query names a component, or an object that leads to one.
type Query struct {
	Name         string // a component, or KIND/NAME
	Environments []string
	Revision     string
	State        string // of the recorded states
}

// Scope selects components.
type Scope struct {
	Names, Environments []string
	Project, State      string
	Progress            func(done, total int)
}

// Reading is what was read and assessed.
type Reading struct {
	Snapshot *facts.Snapshot
	Trace    *trace.Trace
	Notes    string // what the program would write to the standard error
}

// State is a recorded state.
type State struct {
	Name    string
	Subject facts.Subject
}

// Command is a command line of the program, without the flags that choose a cluster.
type Command struct {
	Verb         string
	Environments Environments
	Args         []string // flags, each with its value in one word
	// Names are what the command is about: components, or a folder.
	Names []string
	State string
	// NoCluster: the command takes no flags that choose a cluster.
	NoCluster bool
	// Clone: the command reads the clone of the repository, also if the rest is from a recorded state.
	Clone    bool
	Progress func(line string) // takes each line of the standard error; may be nil
}

// Environments is for how many environments a command has a flag. A server may be about some environments only.
type Environments uint8

const (
	// AnyEnvironments is the zero value.
	AnyEnvironments Environments = iota
	// OneEnvironment means that a command reads two as something else.
	OneEnvironment
	// NoEnvironment means that a command is about objects that belong to none.
	NoEnvironment
)

// Output is what a command has printed, and its exit code.
type Output struct {
	Text     string
	Notes    string // on the standard error
	ExitCode int
}

// Call is a call of a tool.
type Call struct {
	Host

	request *mcp.CallToolRequest
}

// Report notifies the client of progress, if it wants to know. total is 0 if it is not known.
func (c Call) Report(done, total float64, message string) {
	token := c.request.Params.GetProgressToken()
	if token == nil {
		return
	}
	// A client that is gone needs no progress. The notification must not end with the context of the call.
	_ = c.request.Session.NotifyProgress(context.Background(), &mcp.ProgressNotificationParams{
		ProgressToken: token, Progress: done, Total: total, Message: message,
	})
}
