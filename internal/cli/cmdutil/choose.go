package cmdutil

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxListed is how many components an error lists.
const maxListed = 50

// Choose sets the component where the command line names none: the only one of the namespace, or the one that the user picks from a
// list. Where no list can be shown, the names are in the error.
func (r *Reader) Choose(ctx context.Context) error {
	if r.Subject.Component != "" || r.Snapshot != "" {
		return nil
	}
	names, err := r.componentNames(ctx)
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return fmt.Errorf("no component found %s; use -n or -p", r.scopeWords())
	case len(names) == 1:
		r.Subject.Component = names[0]
		return nil
	case !tui.CanPick(r.Streams):
		return fmt.Errorf("name one of the components %s, or run %s for an overview:\n%s", r.scopeWords(), statusCommand(r.Subject.Project), ListNames(names))
	}
	at, err := tui.Pick(ctx, r.Streams, "Component "+r.scopeWords(), names)
	if err != nil {
		return err
	}
	r.Subject.Component = names[at]
	return nil
}

// statusCommand shows all components of the namespace, or of a project.
func statusCommand(project string) string {
	if project == "" {
		return "kubectl choreo status"
	}
	return command.Format("kubectl choreo status -p %s", project)
}

// ListNames lists the first names, each on a line.
func ListNames(names []string) string {
	if hidden := len(names) - maxListed; hidden > 0 {
		return strings.Join(names[:maxListed], "\n") + fmt.Sprintf("\nand %d more", hidden)
	}
	return strings.Join(names, "\n")
}

// ChooseOrAll is Choose for a command that is about all components of a namespace where none is named. It only prompts on a terminal, and
// only where the command line chooses no scope.
func (r *Reader) ChooseOrAll(ctx context.Context, scoped bool) (chosen bool, err error) {
	if scoped || *r.flags.Namespace != "" || r.Subject.Project != "" || r.Subject.Component != "" || r.Snapshot != "" || !tui.CanPick(r.Streams) {
		return false, nil
	}
	names, err := r.componentNames(ctx)
	if err != nil || len(names) < 2 {
		return false, err
	}
	all := fmt.Sprintf("(all %d components)", len(names))
	at, err := tui.Pick(ctx, r.Streams, "Component "+r.scopeWords(), append([]string{all}, names...))
	if err != nil || at == 0 {
		return false, err
	}
	r.Subject.Component = names[at-1]
	return true, nil
}

func (r *Reader) scopeWords() string {
	where := "in namespace " + r.Subject.Namespace
	if r.Subject.Project != "" {
		where = "of project " + r.Subject.Project + " " + where
	}
	return where
}

// componentNames lists the components of the namespace, and of the project where the command line names one.
func (r *Reader) componentNames(ctx context.Context) ([]string, error) {
	source, host, err := r.Connect()
	if err != nil {
		return nil, err
	}
	q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: r.Subject.Namespace, Names: r.Subject.Project == ""}
	l, objects := source.List(ctx, q)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("cannot list components: %w", err)
	}
	if err := ReadError(l.Outcome, l.Reason, host); err != nil {
		return nil, err
	}
	var names []string
	for _, ref := range l.Items {
		names = append(names, ref.Name)
	}
	if r.Subject.Project != "" {
		names = nil
		for _, o := range objects {
			if kinds.Text(o.Body, "spec", "owner", "projectName") == r.Subject.Project {
				names = append(names, o.Ref.Name)
			}
		}
	}
	slices.Sort(names)
	return names, nil
}
