package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// pod is a pod of the component, as the trace assesses it.
type pod struct {
	facts.Object
	state   trace.State
	summary string
}

// podsOf returns the pods of an environment, the one that needs attention most first; the one that the user named alone. It fails if
// there is none.
func podsOf(ctx context.Context, r target.Read, e trace.Environment) ([]pod, error) {
	rung := podRung(e)
	if start := r.Trace.Subject.Object; start.Kind == "Pod" && start.Group == kinds.Core && r.Source != nil {
		return namedPod(ctx, r, rung, start)
	}
	var pods []pod
	for _, part := range rung.Parts {
		if o := r.Snapshot.Object(part.Object); o.Outcome == facts.Found {
			pods = append(pods, pod{o, part.State, part.Summary})
		}
	}
	if len(pods) == 0 {
		pods = terminating(r, e, rung)
	}
	if len(pods) == 0 {
		return nil, noPods(r, e, rung)
	}
	slices.SortStableFunc(pods, func(a, b pod) int {
		return cmp.Or(urgency(b.state)-urgency(a.state), b.Body.GetCreationTimestamp().Compare(a.Body.GetCreationTimestamp().Time), a.Ref.Compare(b.Ref))
	})
	return pods, nil
}

// namedPod is the pod that the user named. The plane of its name is that of the cluster where it was found, which may be the control plane's.
func namedPod(ctx context.Context, r target.Read, rung trace.Rung, ref facts.Ref) ([]pod, error) {
	read := ref
	read.Plane = rung.Object.Plane
	if o := r.Snapshot.Object(read); o.Outcome == facts.Found {
		return []pod{{o, trace.Unknown, ""}}, nil
	}
	o := r.Source.Get(ctx, ref)
	switch o.Outcome {
	case facts.Found:
		return []pod{{o, trace.Unknown, ""}}, nil
	case facts.Forbidden:
		return nil, cmdutil.WithCode(fmt.Errorf("cannot read %s: %s", ref, o.Reason), cmdutil.ExitUndecided)
	case facts.Absent, facts.NoKind, facts.Unreachable, facts.Invalid, facts.NotAsked:
	}
	return nil, fmt.Errorf("cannot read %s: %s", ref, o.Reason)
}

func podRung(e trace.Environment) trace.Rung {
	at := slices.IndexFunc(e.Rungs, func(r trace.Rung) bool { return r.ID == trace.RungPod })
	if at < 0 {
		return trace.Rung{ID: trace.RungPod}
	}
	return e.Rungs[at]
}

// terminating are the pods that are being deleted, which are no part of the rung.
func terminating(r target.Read, e trace.Environment, rung trace.Rung) []pod {
	var pods []pod
	for _, o := range r.Snapshot.Of(rung.Object.Plane, kinds.Core, "Pod") {
		ours := kinds.Label(o.Body, kinds.LabelComponent) == r.Trace.Subject.Component && kinds.Label(o.Body, kinds.LabelEnvironment) == e.Name
		if ours && o.Body.GetDeletionTimestamp() != nil {
			pods = append(pods, pod{o, trace.Progressing, "terminating"})
		}
	}
	return pods
}

// urgency orders the states of pods by how much they ask for attention.
func urgency(s trace.State) int {
	switch s {
	case trace.Failed:
		return 3
	case trace.Progressing:
		return 2
	case trace.Unknown, trace.Blocked, trace.Suspended:
		return 1
	case trace.OK:
		return 0
	}
	return 1
}

// noPods reports why there is no log to print. Pods that were not read may exist.
func noPods(r target.Read, e trace.Environment, rung trace.Rung) error {
	component := r.Trace.Subject.Component
	if style.IsUnbound(e) {
		return fmt.Errorf("%s is not deployed in %s", component, e.Name)
	}
	for _, f := range rung.Findings {
		if f.Code == trace.CodeForbidden || f.Code == trace.CodeUnreachable {
			return cmdutil.WithCode(fmt.Errorf("cannot read the pods of %s in %s: %s%s", component, e.Name, f.Message, whatToDo(f.Code)), cmdutil.ExitUndecided)
		}
	}
	said := ""
	if rung.Summary != "" {
		said = " (" + rung.Summary + ")"
	}
	said += r.Why(e) + "; run kubectl choreo trace " + component + " -e " + e.Name
	if rung.State == trace.Unknown || rung.State == trace.Blocked {
		return fmt.Errorf("no pod of %s is known in %s%s", component, e.Name, said)
	}
	return fmt.Errorf("%s has no pod in %s%s", component, e.Name, said)
}

func whatToDo(code trace.Code) string {
	if code == trace.CodeForbidden {
		return "; ask an administrator for the roles in docs/rbac.md"
	}
	return ""
}
