package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// few is how many components are cheaper to ask about one by one than by lists of whole kinds.
const few = 3

// judgedAtOnce bounds the components that are judged at the same time; more would only wait for the processor.
const judgedAtOnce = 16

// crewsAtOnce bounds the crews whose objects are in memory.
const crewsAtOnce = 8

// verifying is a verify under way.
type verifying struct {
	*verifyOptions
	source  *kube.Source // nil where a file is judged
	host    string
	begun   time.Time
	wanted  func(context.Context, *facts.Snapshot) facts.Revision
	changes func(context.Context, *facts.Snapshot) []facts.Change

	all []*candidate
}

// candidate is a component before the gate.
type candidate struct {
	subject  facts.Subject
	patience verify.Patience
	final    bool // waiting would change nothing

	trace     *trace.Trace
	cells     []verify.Cell
	snapshot  *facts.Snapshot // only where endpoints are asked: it knows the pods behind them
	unknown   error           // there is no such component
	nowhere   error           // there is no such environment for it
	judgement verify.Judgement
	probes    []verify.Probe
}

func newVerifying(o *verifyOptions) *verifying {
	v := &verifying{verifyOptions: o, begun: time.Now()}
	v.wanted = remembered(func(s *facts.Snapshot) string { return fmt.Sprint(repositories(s), carried(s)) }, o.reader.wanted)
	v.changes = remembered(func(s *facts.Snapshot) string { return fmt.Sprintf("%+v", suspects(s)) }, o.reader.changes)
	return v
}

// judge looks at all components, and waits for those that waiting may still change.
func (v *verifying) judge(ctx context.Context) error {
	if v.reader.snapshot != "" {
		return v.fromFile(ctx)
	}
	source, host, err := v.reader.connect()
	if err != nil {
		return err
	}
	v.source, v.host = source, host
	if err := v.answered(ctx, func() error { return v.begin(ctx, source) }); err != nil {
		return err
	}
	v.reader.reportSkew(source)
	if err := v.undeclared(ctx, source); v.timeout == 0 || err != nil {
		return err
	}
	if err := v.thin(ctx, source); err != nil {
		return err
	}
	return v.wait(ctx, source, v.open())
}

// begin finds the components, and looks at them for the first time.
func (v *verifying) begin(ctx context.Context, source *kube.Source) error {
	whole := fleet.New(source, v.fleetOptions(few+1))
	subjects, err := v.warmed(ctx, source, whole)
	if err != nil {
		return err
	}
	v.all = nil
	for _, s := range subjects {
		v.all = append(v.all, v.candidate(s))
	}
	if len(subjects) > few {
		return v.firstOfMany(ctx, whole, subjects, v.all)
	}
	return v.first(ctx, fleet.New(source, v.fleetOptions(len(subjects))).For, v.all)
}

// warmed finds the components, and begins to read the lists of whole kinds where they are more than few: a project of two
// components must not cost what its namespace of thousands does. Where nothing narrows the scope, one small request beside the
// list of components tells how many there are, so that the other lists need not wait for it.
func (v *verifying) warmed(ctx context.Context, source *kube.Source, whole *fleet.Source) ([]facts.Subject, error) {
	narrowed := len(v.components) > 0 || v.reader.subject.Project != "" || v.selector != ""
	if !narrowed {
		all := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: v.namespace()}
		go func() {
			if n, _ := source.Count(ctx, all); n > few {
				whole.Warm(ctx, v.namespace())
			}
		}()
	}
	subjects, err := v.scope(ctx, whole.For(v.reader.subject))
	if err == nil && narrowed && len(subjects) > few {
		whole.Warm(ctx, v.namespace())
	}
	return subjects, err
}

func (v *verifying) candidate(s facts.Subject) *candidate {
	return &candidate{subject: s, patience: verify.Patience{Grace: v.grace, StableFor: v.stableFor}}
}

// fromFile judges what was seen, once: a file does not change.
func (v *verifying) fromFile(ctx context.Context) error {
	if len(v.components) == 1 {
		v.reader.subject.Component = v.components[0]
	}
	s, err := v.reader.fromFile(ctx)
	if err != nil {
		return err
	}
	v.timeout, v.begun = 0, s.TakenAt
	c := v.candidate(s.Subject)
	v.all = []*candidate{c}
	v.take(ctx, c, s)
	return nil
}

// options of a fleet of that many.
func (v *verifying) fleetOptions(components int) fleet.Options {
	return fleet.Options{Whole: components > few, Everywhere: v.allNamespaces}
}

// first looks at components without watching anything: what has passed already costs no more than that.
func (v *verifying) first(ctx context.Context, of func(facts.Subject) facts.Source, all []*candidate) error {
	return each(all, func(c *candidate) error {
		s, err := collect.Run(ctx, of(c.subject), c.subject, time.Now())
		if err != nil {
			return err
		}
		if err := v.reader.usable(s, v.host); err != nil {
			return err
		}
		s.Wanted = v.wanted(ctx, s)
		v.take(ctx, c, s)
		return nil
	})
}

// firstOfMany looks at crews of components, some at the same time, so that one is judged while another is read.
func (v *verifying) firstOfMany(ctx context.Context, whole *fleet.Source, subjects []facts.Subject, all []*candidate) error {
	var group errgroup.Group
	group.SetLimit(crewsAtOnce)
	for _, crew := range fleet.Crews(subjects) {
		members := all[:len(crew)]
		all = all[len(crew):]
		group.Go(func() error { return v.first(ctx, whole.Crew(crew), members) })
	}
	return group.Wait()
}

// each calls do for all, several at a time, and returns the first error.
func each(all []*candidate, do func(*candidate) error) error {
	var group errgroup.Group
	group.SetLimit(judgedAtOnce)
	for _, c := range all {
		group.Go(func() error { return do(c) })
	}
	return group.Wait()
}

// take judges what was seen of a component.
func (v *verifying) take(ctx context.Context, c *candidate, s *facts.Snapshot) {
	c.trace = assess.Assess(s, s.TakenAt)
	c.judgement = v.gate().Judge(c.trace)
	c.final = c.patience.Final(c.judgement, c.trace, s.TakenAt)
	v.keep(ctx, c, s)
}

// keep takes from what was seen all that the report needs: the snapshots of a fleet would fill the memory.
func (v *verifying) keep(ctx context.Context, c *candidate, s *facts.Snapshot) {
	c.unknown, c.nowhere = explainAbsence(s), undeclaredEnvironment(s)
	v.explain(ctx, c, s)
	c.cells = verify.Cells(c.trace, s)
	if v.probe.on {
		c.snapshot = s
	}
}

// open are the components that are not final.
func (v *verifying) open() []*candidate {
	var open []*candidate
	for _, c := range v.all {
		if !c.final {
			open = append(open, c)
		}
	}
	return open
}

// undeclared refuses what is only in the command line, before anything is waited for. With --revision, a component or an
// environment may still come with that commit: it has the grace to do so.
func (v *verifying) undeclared(ctx context.Context, source facts.Source) error {
	if err := v.reader.undeclaredPlane(ctx, source, facts.New(v.reader.subject, time.Now())); err != nil {
		return err
	}
	if v.reader.revision != "" {
		return nil
	}
	return v.absent()
}

// absent refuses a component that nobody knows, and an environment that none of the components can have.
func (v *verifying) absent() error {
	var unknown []error
	for _, c := range v.all {
		unknown = append(unknown, c.unknown)
	}
	if err := errors.Join(unknown...); err != nil {
		return err
	}
	if len(v.all) == 0 || slices.ContainsFunc(v.all, func(c *candidate) bool { return c.nowhere == nil }) {
		return nil
	}
	return v.all[0].nowhere // one line of several that say the same of as many projects
}

// explain finds, where it failed, the files that are to blame and who last changed them, if a clone knows.
func (v *verifying) explain(ctx context.Context, c *candidate, s *facts.Snapshot) {
	if c.judgement.Decision != verify.Failed || len(s.Changes) > 0 || v.reader.snapshot != "" {
		return
	}
	if s.Changes = v.changes(ctx, s); len(s.Changes) == 0 {
		return
	}
	t := assess.Assess(s, s.TakenAt)
	if j := v.gate().Judge(t); j.Decision == c.judgement.Decision {
		c.trace, c.judgement = t, j
	}
}
