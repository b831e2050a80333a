// Package components reads the components that a command line selects: a few one by one, many from lists of whole kinds.
package components

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Reader reads components. Its cmdutil.Reader has the flags -n, -p and -e.
type Reader struct {
	cmdutil.Reader

	Names         []string // empty: all components of the scope
	AllNamespaces bool     // -A
	Selector      string   // -l

	Source *kube.Source // nil before Open
	Host   string       // of the control plane, as it may be shown

	withoutClone bool // what is wanted is then the revision of the sources

	wanted  func(context.Context, *facts.Snapshot) facts.Revision
	changes func(context.Context, *facts.Snapshot) []facts.Change
}

// NewReader returns a Reader without a selection: that of a whole namespace.
func NewReader(w iostreams.IOStreams) *Reader {
	r := &Reader{Reader: cmdutil.NewReader(w)}
	r.ForgetRevisions()
	return r
}

// AddFlags adds the flags that choose a cluster or a file, and components. verb is what the command does with them.
func (r *Reader) AddFlags(cmd *cobra.Command, verb string) {
	r.Reader.AddFlags(cmd)
	r.addSelectionFlags(cmd, verb)
}

// AddServerFlags adds those of a command that runs until it is ended: it reads no file and no clone.
func (r *Reader) AddServerFlags(cmd *cobra.Command, verb string) {
	cmdutil.AddServerFlags(&r.Reader, cmd, "p")
	r.withoutClone = true
	r.addSelectionFlags(cmd, verb)
}

func (r *Reader) addSelectionFlags(cmd *cobra.Command, verb string) {
	f := cmd.Flags()
	f.BoolVarP(&r.AllNamespaces, "all-namespaces", "A", false, verb+" the components of all namespaces")
	f.StringVarP(&r.Selector, "selector", "l", "", "label selector of components, such as key=value")
}

// Complete takes the names of components from the arguments, each once, and refuses what contradicts itself.
func (r *Reader) Complete(args []string) error {
	for _, arg := range args {
		name := cmdutil.ComponentName(arg)
		if err := reference.Name(name); err != nil {
			return err
		}
		if !slices.Contains(r.Names, name) {
			r.Names = append(r.Names, name)
		}
	}
	if err := r.checkScope(); err != nil {
		return err
	}
	return r.CheckPlanes()
}

func (r *Reader) checkScope() error {
	named := len(r.Names) > 0
	switch {
	case named && r.AllNamespaces:
		return errors.New("cannot combine component names with -A: use one of them")
	case named && r.Selector != "":
		return errors.New("cannot combine component names with -l: use one of them")
	case r.Snapshot != "" && (r.AllNamespaces || r.Selector != "" || len(r.Names) > 1):
		return errors.New("cannot combine --snapshot with -A, -l or several names: a snapshot holds one component")
	}
	if _, err := labels.Parse(r.Selector); err != nil {
		return fmt.Errorf("invalid --selector: %w", err)
	}
	return nil
}

// IsScoped reports whether the command line selects components by name, by label or in all namespaces.
func (r *Reader) IsScoped() bool { return len(r.Names) > 0 || r.AllNamespaces || r.Selector != "" }

// Open makes the clients of all planes. No request is made.
func (r *Reader) Open() error {
	var err error
	r.Source, r.Host, err = r.Connect()
	return err
}

// ReadFile reads the component of a snapshot file.
func (r *Reader) ReadFile(ctx context.Context) (*facts.Snapshot, error) {
	if len(r.Names) == 1 {
		r.Subject.Component = r.Names[0]
	}
	return r.FromFile(ctx)
}

// ForgetRevisions makes the clone be read again: what it has said is kept, because most components of a fleet need the same.
func (r *Reader) ForgetRevisions() {
	r.wanted = cmdutil.CacheByKey(func(s *facts.Snapshot) string { return fmt.Sprint(sources.URLs(s), sources.DistinctCommits(s)) }, r.Reader.Wanted)
	r.changes = cmdutil.CacheByKey(func(s *facts.Snapshot) string { return fmt.Sprintf("%+v", sources.FailedObjects(s)) }, r.Reader.Changes)
}

// Wanted returns the wanted revision, from the clone if there is one.
func (r *Reader) Wanted(ctx context.Context, s *facts.Snapshot) facts.Revision {
	if r.withoutClone {
		return facts.Revision{}
	}
	return r.wanted(ctx, s)
}

// Changes returns the files of the clone that are to blame for a failure, and who last changed them.
func (r *Reader) Changes(ctx context.Context, s *facts.Snapshot) []facts.Change {
	if r.withoutClone {
		return nil
	}
	return r.changes(ctx, s)
}
