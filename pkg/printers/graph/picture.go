package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// picture is a trace as a graph, before it is written in the language of a program that draws. Its ids are our own, its lines are escaped
// for a terminal, but not for that language.
type picture struct {
	groups []group
	edges  []edge
}

// group is boxes in a frame: those of an environment, or the objects that deliver. Without a title it has no frame.
type group struct {
	id, title string
	boxes     []box
}

// box is one rung, several that are alike, or an object. State is in the first line as well, so that the colour is not needed.
type box struct {
	id    string
	state trace.State
	lines []string
}

type edgeKind uint8

const (
	plainEdge   edgeKind = iota
	failingEdge          // from Git to what failed
	causeEdge            // from what failed to the cause
)

type edge struct {
	from, to, label string
	kind            edgeKind
}

// drawing builds a picture from the root down.
type drawing struct {
	picture
	trace  *trace.Trace
	failed string // the id of the box that failed
}

func pictureOf(t *trace.Trace) picture {
	d := &drawing{trace: t}
	trunk := group{boxes: []box{rootBox(t)}}
	ends := d.rungs(&trunk, "", "", t.Rungs, []string{"root"})
	d.groups = append([]group{trunk}, d.groups...)
	for i, e := range t.Environments {
		d.environment(i, e, ends)
	}
	d.markFailing()
	return d.picture
}

func (d *drawing) environment(i int, e trace.Environment, from []string) {
	id := fmt.Sprintf("e%d", i)
	title := style.Of(e.Verdict.State()).Mark + " " + escape.Line(e.Name) + ": " + style.VerdictWord(e)
	if style.IsUnbound(e) || len(e.Rungs) == 0 {
		d.groups = append(d.groups, group{boxes: []box{{id: id, state: e.Verdict.State(), lines: fitLines([]string{title}, 3)}}})
		d.link(from, id)
		return
	}
	g := group{id: id, title: title}
	d.rungs(&g, id+"_", e.Name, e.Rungs, from)
	d.groups = append(d.groups, g)
}

// rungs adds the boxes of rungs to g, one below the other, and returns the last ones. What delivers has a frame of its own.
func (d *drawing) rungs(g *group, prefix, environment string, rungs []trace.Rung, from []string) []string {
	isFailing := func(r trace.Rung) bool {
		f := d.trace.Failing
		return f != nil && f.Environment == environment && f.Rung == r.ID
	}
	for len(rungs) > 0 {
		first := rungs[0]
		if first.ID == trace.RungDelivery && len(first.Parts) > 1 {
			from = d.delivery(first, isFailing(first), from)
			rungs = rungs[1:]
			continue
		}
		n := 1
		for n < len(rungs) && !isFailing(first) && !isFailing(rungs[n]) && isAlike(first, rungs[n]) {
			n++
		}
		id := prefix + string(first.ID)
		if isFailing(first) {
			d.failed = id
		}
		g.boxes = append(g.boxes, box{id: id, state: first.State, lines: boxLines(rungs[:n])})
		d.link(from, id)
		from, rungs = []string{id}, rungs[n:]
	}
	return from
}

// isAlike reports whether two rungs need only one box: nothing is to be seen at either.
func isAlike(a, b trace.Rung) bool {
	isPlain := func(r trace.Rung) bool {
		return (r.State == trace.OK && !r.Reported || r.State == trace.Blocked) && (r.ID != trace.RungDelivery || len(r.Parts) < 2) &&
			!slices.ContainsFunc(r.Findings, func(f trace.Finding) bool { return f.Severity != trace.Info })
	}
	return a.State == b.State && a.Current == b.Current && isPlain(a) && isPlain(b)
}

// boxLines are the names and the state of rungs. Of several, only what runs and where is worth its line.
func boxLines(rungs []trace.Rung) []string {
	if len(rungs) == 1 {
		return fitLines([]string{headOf(rungs[0], string(rungs[0].ID)), escape.Line(rungs[0].Summary)}, 4)
	}
	var names, more []string
	for _, r := range rungs {
		names = append(names, string(r.ID))
		switch r.ID {
		case trace.RungWorkload, trace.RungPod, trace.RungEndpoint:
			more = append(more, escape.Line(r.Summary))
		case trace.RungGit, trace.RungSource, trace.RungDelivery, trace.RungProject, trace.RungComponent, trace.RungRelease,
			trace.RungEnvironment, trace.RungCell, trace.RungBinding, trace.RungRendered, trace.RungResource:
		}
	}
	return fitLines(append([]string{headOf(rungs[0], strings.Join(names, ", "))}, more...), 8)
}

// delivery draws the objects that deliver, an edge from each that another one needs to that one.
func (d *drawing) delivery(r trace.Rung, isFailing bool, from []string) []string {
	g := group{id: "delivery", title: headOf(r, string(r.ID))}
	ids := map[facts.Ref]string{}
	for i, part := range r.Parts {
		ids[part.Object] = fmt.Sprintf("d%d", i)
	}
	isNeeded, isLinked := map[string]bool{}, false
	for _, part := range r.Parts {
		id := ids[part.Object]
		g.boxes = append(g.boxes, partBox(id, part))
		needs := d.needs(part, ids)
		for _, before := range needs {
			isNeeded[before] = true
		}
		if len(needs) == 0 {
			d.link(from, id)
			isLinked = true
		}
		if f := d.trace.Failing; isFailing && (d.failed == "" && part.State == trace.Failed || part.Object == f.Object) {
			d.failed = id
		}
	}
	d.groups = append(d.groups, g)
	if !isLinked { // a cycle
		d.link(from, g.boxes[0].id)
	}
	return endsOf(g, isNeeded)
}

func partBox(id string, part trace.Part) box {
	line := style.Of(part.State).Mark + " " + escape.Line(part.Object.Kind) + " " + escape.Line(part.Object.Name) + ": " + strings.ToLower(part.State.String())
	if part.Current == trace.Behind {
		line += ", behind"
	}
	return box{id: id, state: part.State, lines: fitLines([]string{line}, 4)}
}

// needs draws an edge from each object that a part needs, and returns their ids.
func (d *drawing) needs(part trace.Part, ids map[facts.Ref]string) []string {
	var needed []string
	for _, need := range part.Needs {
		before := ids[need.Object]
		if before == "" || need.Object == part.Object {
			continue
		}
		label := ""
		if !need.DependsOn {
			label = "applies"
		}
		d.edges = append(d.edges, edge{from: before, to: ids[part.Object], label: label})
		needed = append(needed, before)
	}
	return needed
}

// endsOf returns the boxes that no other one needs; in a cycle, the last one.
func endsOf(g group, isNeeded map[string]bool) []string {
	var ends []string
	for _, b := range g.boxes {
		if !isNeeded[b.id] {
			ends = append(ends, b.id)
		}
	}
	if len(ends) == 0 {
		ends = []string{g.boxes[len(g.boxes)-1].id}
	}
	return ends
}

func (d *drawing) link(from []string, to string) {
	for _, id := range from {
		d.edges = append(d.edges, edge{from: id, to: to})
	}
}

// markFailing marks the way from Git to the box that failed, and adds the cause beside that.
func (d *drawing) markFailing() {
	f := d.trace.Failing
	if f == nil || d.failed == "" {
		return
	}
	onPath := map[string]bool{d.failed: true}
	for isGrowing := true; isGrowing; {
		isGrowing = false
		for i, e := range d.edges {
			if onPath[e.to] && e.kind != failingEdge {
				d.edges[i].kind, onPath[e.from], isGrowing = failingEdge, true, true
			}
		}
	}
	lines := []string{"✗ fix first: " + escape.Line(string(f.Code)), style.ObjectName(f.Object), escape.Line(style.Shorten(f.Message))}
	d.groups = append(d.groups, group{boxes: []box{{id: "cause", state: trace.Failed, lines: fitLines(lines, 12)}}})
	d.edges = append(d.edges, edge{from: d.failed, to: "cause", label: "why", kind: causeEdge})
}
