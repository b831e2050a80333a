package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// explainBehind reports what the rows that are marked as behind are behind: pods with the right image may be of an earlier commit.
func (p conclusion) explainBehind(t *trace.Trace) {
	if first, found := firstBehind(t.Rungs); found {
		p.AddIndented("Behind: "+sharedBehind(t, first), 2)
		return
	}
	places := map[trace.RungID][]string{}
	for _, e := range t.Environments {
		first, found := firstBehind(e.Rungs)
		if found && hasOldPods(e) {
			places[first.ID] = append(places[first.ID], escape.Line(e.Name))
		}
	}
	for _, id := range trace.Rungs() {
		names := strings.Join(places[id], ", ")
		switch {
		case names == "" || id == trace.RungPod: // the row shows which pods run
		case id == trace.RungResource:
			p.AddIndented("Behind: pods of the earlier revision still run in "+names+".", 2)
		default:
			p.AddIndented("Behind: the pods in "+names+" run what was applied before.", 2)
		}
	}
}

func hasOldPods(e trace.Environment) bool {
	return slices.ContainsFunc(e.Rungs, func(r trace.Rung) bool { return r.ID == trace.RungPod && r.Current == trace.Behind })
}

func firstBehind(rungs []trace.Rung) (trace.Rung, bool) {
	if i := slices.IndexFunc(rungs, func(r trace.Rung) bool { return r.Current == trace.Behind }); i >= 0 {
		return rungs[i], true
	}
	return trace.Rung{}, false
}

func sharedBehind(t *trace.Trace, first trace.Rung) string {
	if first.ID != trace.RungProject {
		has, wanted := style.Revision(first.Revision, true), style.Revision(t.Wanted.Revision, true)
		if has == wanted { // one of several objects is
			has = ""
		}
		sentence := style.Place(first.ID, "") + behindBy(has, wanted)
		if slices.ContainsFunc(t.Environments, hasOldPods) {
			sentence = strings.TrimSuffix(sentence, ".") + "; the pods may be of the older one."
		}
		return sentence
	}
	for _, r := range t.Rungs {
		for _, part := range r.Parts {
			if r.ID == trace.RungDelivery && part.Current == trace.Behind && part.Revision != "" {
				return fmt.Sprintf("%s, on the way to the project, has %s, and its source is newer.", style.ObjectName(part.Object), style.Revision(part.Revision, true))
			}
		}
	}
	return "the newest revision of the project is not applied yet."
}
