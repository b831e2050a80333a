package diff

import (
	"context"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/difflist"
)

// objectsOf are the objects as they are printed.
func objectsOf(compared []compare.Object) []difflist.Object {
	all := make([]difflist.Object, 0, len(compared))
	for _, c := range compared {
		object := difflist.Object{
			Object: c.Ref, Environment: c.Environment, State: stateOf(c.State), Reason: c.Reason, File: c.Place.File, Line: c.Place.Line,
			FromContent: c.From, ToContent: c.To,
		}
		for _, f := range c.Fields {
			object.Fields = append(object.Fields, difflist.Field{Path: f.Path, From: f.Live, To: f.Declared})
		}
		all = append(all, object)
	}
	return all
}

func stateOf(s compare.State) difflist.State {
	switch s {
	case compare.Same:
		return difflist.Same
	case compare.Changed:
		return difflist.Changed
	case compare.OnlyFrom:
		return difflist.OnlyInFrom
	case compare.OnlyTo:
		return difflist.OnlyInTo
	case compare.NotCompared:
	}
	return difflist.NotCompared
}

// print prints the list, or has the program of KUBECTL_EXTERNAL_DIFF print it.
func (o *options) print(ctx context.Context, l difflist.List) error {
	if program := o.streams.Getenv(ExternalDiff); program != "" && o.output.Format == "diff" {
		return o.runExternal(ctx, program, l)
	}
	options := tui.Terminal(o.streams, o.color)
	options.Now = l.TakenAt
	var differing []facts.Ref
	for _, object := range l.Objects {
		if object.Differs() {
			differing = append(differing, object.Object)
		}
	}
	return o.output.Print(o.streams.Out, l, differing, options)
}

// conclude reports what was not compared, and returns the exit code. A snapshot has only those live objects that a trace needs: the others
// are no error.
func (o *options) conclude(l difflist.List, compared []compare.Object, fromCluster bool) error {
	counted, missing, unread := 0, 0, false
	for _, c := range compared {
		if c.State != compare.NotCompared {
			counted++
			continue
		}
		if o.live && !fromCluster && c.Outcome == facts.NotAsked {
			missing++
			continue
		}
		o.note("not compared: %s%s: %s", c.Ref, inEnvironment(c), c.Reason)
		unread = unread || c.Outcome != facts.Found
	}
	if missing > 0 {
		o.note("not compared: objects that the snapshot does not have: %d", missing)
	}
	switch {
	case unread, counted == 0 && missing > 0:
		return &cmdutil.VerdictError{Code: cmdutil.ExitUndecided}
	case l.Differs:
		return &cmdutil.VerdictError{Code: cmdutil.ExitDiffers}
	case o.output.Format == "diff" && counted == 0:
		o.note("nothing was compared")
	case o.output.Format == "diff":
		o.note("no difference between %s and %s; compared objects: %d", l.From, l.To, counted)
	}
	return nil
}

func inEnvironment(c compare.Object) string {
	if c.Environment == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", c.Environment)
}
