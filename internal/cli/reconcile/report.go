package reconcile

import (
	"context"
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// answer prints what came of it, and returns its exit code.
func (p *run) answer(ctx context.Context, delivered reconcile.Result, settled []*settle.Result, late error) error {
	code := stateCode(delivered)
	if code != cmdutil.ExitOK && len(settled) == 0 {
		settled = p.lookOnce(ctx)
	} else {
		for _, r := range settled {
			code = worst(code, settledCode(r))
		}
	}
	if late != nil {
		code = worst(code, cmdutil.ExitUnsettled)
	}
	report := p.report(delivered, settled, late)
	var objects []facts.Ref
	for _, one := range report.Times {
		objects = append(objects, one.Object)
	}
	err := p.output.Print(p.streams.Out, answer[text.Report]{report, text.WriteReport}, objects, p.look())
	if err == nil && code != cmdutil.ExitOK {
		return &cmdutil.VerdictError{Code: code}
	}
	return err
}

// lookOnce traces a component whose delivery did not come through: the trace names the object, the file and its author.
func (p *run) lookOnce(ctx context.Context) []*settle.Result {
	if p.reader.Subject.Component == "" {
		return nil
	}
	s, err := p.reader.FromCluster(ctx)
	if err != nil {
		return nil
	}
	return []*settle.Result{{Trace: assess.Assess(s, s.TakenAt), Snapshot: s}}
}

func settledCode(r *settle.Result) int {
	if r == nil || r.Trace == nil {
		return cmdutil.ExitUndecided
	}
	return cmdutil.ExitCode(r.Trace)
}

// worst of two exit codes: a failure outweighs what could not be decided, which outweighs what is not settled.
func worst(a, b int) int {
	for _, code := range []int{cmdutil.ExitFailed, cmdutil.ExitUndecided, cmdutil.ExitUnsettled} {
		if a == code || b == code {
			return code
		}
	}
	return cmdutil.ExitOK
}

// report gathers what there is to tell at the end.
func (p *run) report(delivered reconcile.Result, settled []*settle.Result, late error) text.Report {
	r := text.Report{Begun: p.cluster.kube.ByCluster(p.began), Ended: p.cluster.kube.Now(), Waited: p.wait, Late: late != nil, Steps: []steps.Step{}}
	for _, o := range delivered.Outcomes {
		r.Steps = append(r.Steps, steps.Step{
			Time: o.Time, Object: o.Ref, State: o.State.String(), Look: tui.StateOf(o.State), Message: o.Message, Revision: o.Revision, After: o.After,
		})
		if !o.Times.Asked.IsZero() || o.State == reconcile.Done {
			r.Times = append(r.Times, steps.Timed{Object: o.Ref, Asked: o.Times.Asked, Handled: o.Times.Handled, Applied: o.Times.Applied, Ready: o.Times.Ready})
		}
	}
	for _, one := range settled {
		if one == nil || one.Trace == nil {
			continue
		}
		r.Traces, r.Retriggered = append(r.Traces, one.Trace), append(r.Retriggered, one.Retriggered...)
		if len(settled) == 1 {
			r.Times = append(r.Times, rungTimes(one.Reached)...)
		}
	}
	return r
}

// rungTimes are the rungs of the environments in the order in which they were reached, those of one moment together.
func rungTimes(reached []settle.Reached) []steps.Timed {
	var times []steps.Timed
	for _, at := range reached {
		last := len(times) - 1
		switch {
		case at.Environment == "":
		case last >= 0 && times[last].Environment == at.Environment && times[last].Ready.Equal(at.Time):
			times[last].Rungs = append(times[last].Rungs, at.Rung)
		default:
			times = append(times, steps.Timed{Environment: at.Environment, Rungs: []trace.RungID{at.Rung}, Ready: at.Time})
		}
	}
	return times
}

func (p *run) progress() *tui.Progress {
	return tui.NewProgress(p.streams, tui.Stage{Time: p.cluster.kube.ByCluster}, p.color, len(p.subjects) <= 1, p.output.Format == "json")
}

// answer is a document as a line of JSON, or as text for people.
type answer[T interface{ Document() any }] struct {
	document T
	write    func(printers.Options, io.Writer, T) error
}

func (a answer[T]) Document() any { return a.document.Document() }

func (a answer[T]) Print(w io.Writer, format string, o printers.Options) error {
	if format == "json" {
		return data.WriteLine(w, a.Document())
	}
	return a.write(o, w, a.document)
}
