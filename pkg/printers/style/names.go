package style

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Sentence begins with a capital, unless its first word is a field or a file, and ends with a full stop, or with the
// question mark that is there.
func Sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	rest := strings.TrimSuffix(s[size:], ".")
	if !strings.HasSuffix(rest, "?") {
		rest += "."
	}
	if word, _, _ := strings.Cut(s, " "); strings.ContainsAny(strings.TrimRight(word, ",;:"), "./_$") {
		return s[:size] + rest
	}
	return string(unicode.ToUpper(first)) + rest
}

// Place is a rung, and the environment it belongs to.
func Place(rung trace.RungID, environment string) string {
	if environment == "" {
		return string(rung)
	}
	return string(rung) + " (" + escape.Line(environment) + ")"
}

// maxSteps is how many commands of a finding are printed, besides the one after the fix: the page of its code has them all.
const maxSteps = 5

// CommandGroup is commands of one role, in their order.
type CommandGroup struct {
	Heading  string // who can run them, and where; empty for the application developer
	Commands []string
}

// Commands are the commands of a finding, and the one that prints the page of its code.
func Commands(f trace.Finding) []CommandGroup {
	groups := StepCommands(f)
	explain := command.Format("kubectl choreo explain %s", string(f.Code))
	switch {
	case explain == "":
	case len(groups) > 0 && groups[len(groups)-1].Heading == "":
		last := &groups[len(groups)-1]
		last.Commands = append(last.Commands, explain)
	default:
		groups = append(groups, CommandGroup{Commands: []string{explain}})
	}
	return groups
}

// StepCommands are the commands of a finding, for a reader who has the page of its code at hand.
func StepCommands(f trace.Finding) []CommandGroup { return grouped(firstSteps(f), isFixedInGit(f)) }

// isFixedInGit reports whether the hint names a change of a file as the fix.
func isFixedInGit(f trace.Finding) bool {
	return slices.ContainsFunc(strings.FieldsFunc(f.Hint, func(r rune) bool { return strings.ContainsRune(".,;:", r) }), func(part string) bool {
		return strings.HasSuffix(part, " in Git") || strings.HasSuffix(part, " from Git")
	})
}

// firstSteps are the steps that are printed. The first one of each role after the fix is always among them.
func firstSteps(f trace.Finding) []trace.NextStep {
	first := slices.Clone(f.NextSteps[:min(maxSteps, len(f.NextSteps))])
	for _, step := range f.NextSteps[len(first):] {
		isPrinted := func(other trace.NextStep) bool { return other.AfterFix && other.Role == step.Role }
		if step.AfterFix && !slices.ContainsFunc(first, isPrinted) {
			first = append(first, step)
		}
	}
	return first
}

// grouped divides steps by who runs them and when. Between commands with a heading, those of the application developer have one too.
func grouped(steps []trace.NextStep, inRepository bool) []CommandGroup {
	var groups []CommandGroup
	reconciles := false
	for _, step := range steps {
		inRepository = inRepository || step.Role == trace.RoleRepository || step.Role == trace.RoleAfterChange
		heading := roleHeading(step, inRepository)
		switch {
		case reconciles && strings.HasPrefix(step.Command, "flux reconcile "): // one of both is enough
			heading = strings.TrimSpace("or " + heading)
		case heading == "" && len(groups) > 0 && groups[len(groups)-1].Heading != "":
			heading = developerHeading(step)
		}
		reconciles = reconciles || strings.HasPrefix(step.Command, "kubectl choreo reconcile ")
		if len(groups) == 0 || groups[len(groups)-1].Heading != heading {
			groups = append(groups, CommandGroup{Heading: heading})
		}
		last := &groups[len(groups)-1]
		last.Commands = append(last.Commands, step.Command)
	}
	if len(groups) > 1 && groups[0].Heading == "" {
		groups[0].Heading = developerHeading(steps[0])
	}
	return groups
}

// developerHeading is for commands between others with a heading.
func developerHeading(step trace.NextStep) string {
	if step.Plane == facts.Control && !strings.HasPrefix(step.Command, "argocd ") {
		return "as " + string(trace.RoleDeveloper) + ", on the control plane:"
	}
	return "as " + string(trace.RoleDeveloper) + ":"
}

// roleHeading reports who runs a command, and when. A fix in the Git repository has no effect before it is pushed.
func roleHeading(step trace.NextStep, inRepository bool) string {
	var parts []string
	if role := roleOf(step); role != "" {
		parts = append(parts, strings.TrimSuffix(role, ":"))
	}
	if strings.HasPrefix(step.Command, "kubectl choreo rbac ") {
		parts = append(parts, "to print the roles to apply")
	}
	switch {
	case step.AfterFix && inRepository:
		parts = append(parts, "after you push the fix")
	case step.AfterFix:
		parts = append(parts, "after the fix")
	}
	if one, found := strings.CutPrefix(step.OnlyIf, "you edited the "); found && !strings.Contains(one, " or ") {
		parts = append(parts, "after you edit the "+one)
	} else if step.OnlyIf != "" {
		parts = append(parts, "if "+step.OnlyIf)
	}
	if len(parts) == 0 {
		return ""
	}
	heading := strings.Join(parts, ", ")
	if step.Role == trace.RoleAfterChange {
		heading += " (occ: OpenChoreo CLI)"
	}
	return heading + ":"
}

func roleOf(step trace.NextStep) string {
	switch step.Role {
	case trace.RoleDeveloper:
		return ""
	case trace.RoleAfterChange:
		if step.OnlyIf != "" {
			return string(trace.RoleRepository)
		}
		return string(step.Role)
	case trace.RoleRepository:
		return string(step.Role) + ":"
	case trace.RoleDataPlane:
		if step.Plane != "" && step.Plane != "default" {
			return "as platform engineer, on data plane " + escape.Line(string(step.Plane)) + ":"
		}
	case trace.RoleControlPlane, trace.RoleAdministrator:
	}
	return "as " + string(step.Role) + ":"
}

// ObjectNames are those of objects, the kind said once where all are of one.
func ObjectNames(refs []facts.Ref) string {
	var all []string
	for _, ref := range refs {
		all = append(all, ObjectName(ref))
	}
	return strings.Join(all, ", ")
}

// Seconds is a duration, with tenths of a second while it is short.
func Seconds(d time.Duration) string {
	if d >= 100*time.Second {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// PriorChange is a change before a failure, with the distance between them.
func PriorChange(c trace.PriorChange) string {
	if c.BeforeSeconds < 1 {
		return "Changed just before the failure, possibly the cause: " + c.Message
	}
	before := duration.HumanDuration(time.Duration(c.BeforeSeconds) * time.Second)
	return "Changed " + before + " before the failure, possibly the cause: " + c.Message
}

// SortedRefs returns refs in their order.
func SortedRefs(refs []facts.Ref) []facts.Ref {
	return slices.SortedFunc(slices.Values(refs), facts.Ref.Compare)
}

// ObjectName is how an object is called in a sentence.
func ObjectName(ref facts.Ref) string {
	if ref.IsZero() {
		return ""
	}
	name := escape.Line(ref.String())
	// In a single cluster the plane is called default; there it would only be noise.
	if ref.Plane != facts.Control && ref.Plane != "" && ref.Plane != "default" {
		name += ", on data plane " + escape.Line(string(ref.Plane))
	}
	return name
}

// Origin is where a wanted revision is from.
func Origin(from facts.RevisionOrigin) string {
	switch from {
	case facts.FromFlag:
		return "--revision"
	case facts.FromClone:
		return "HEAD of the clone"
	case facts.FromRemote:
		return "head of the remote"
	case facts.FromSource:
		return "last fetched"
	}
	return escape.Line(string(from))
}

// OutcomeWords reports why there is nothing to show of an object, a list or a log.
func OutcomeWords(outcome facts.Outcome, reason string) string {
	words := map[facts.Outcome]string{
		facts.NotAsked: "not read", facts.Absent: "not found", facts.Forbidden: "forbidden",
		facts.NoKind: "the cluster does not serve this kind", facts.Unreachable: "no answer", facts.Invalid: "invalid reference, not requested",
	}[outcome]
	if reason != "" {
		words += ": " + escape.Line(reason)
	}
	return words
}

// Revision shortens a Flux revision: seven characters of the commit, and the ref before it if withRef is true.
func Revision(revision string, withRef bool) string {
	ref, digest, found := strings.Cut(revision, "sha1:")
	if !found {
		return escape.Line(revision)
	}
	short := facts.Short(digest)
	if ref = strings.TrimSuffix(ref, "@"); withRef && ref != "" {
		return escape.Line(ref + "@" + short)
	}
	return escape.Line(short)
}

// IsCommit reports whether a rung's revision is a commit; releases already stand in the summary.
func IsCommit(revision string) bool { return strings.Contains(revision, "sha1:") }
