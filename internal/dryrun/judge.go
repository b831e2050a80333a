package dryrun

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Judge returns the findings about the answers, and how many objects were checked.
func Judge(context string, r *manifest.Repository, changes []Change, answers []Answer) ([]lint.Finding, manifest.Against) {
	j := &judge{context: context, definitions: definitions(r), namespaces: namespaces(r), together: map[string]int{}}
	counts := manifest.Against{Context: context, Changed: len(changes), NotChecked: map[manifest.NotChecked]int{}}
	for i, c := range changes {
		reason := c.NotChecked
		if reason == "" {
			reason = j.judge(c, answers[i])
		}
		switch {
		case reason != "":
			counts.NotChecked[reason]++
		case answers[i].Outcome == Accepted:
			counts.Accepted++
		default:
			counts.Refused++
		}
	}
	if i, known := j.together["noAnswer"]; known {
		f := &j.findings[i]
		f.Message = fmt.Sprintf("the API server of context %s has not checked %d of %d objects: %s", context, counts.NotChecked[manifest.NoAnswer], counts.Changed, f.Message)
	}
	for i, f := range j.findings {
		f.Message = truncate(lint.Redact(f.Message))
		j.findings[i] = f
		if f.Cause == "" {
			j.findings[i].Cause = lint.CauseOf(f)
		}
	}
	return j.findings, counts
}

// judge collects findings.
type judge struct {
	context     string
	definitions map[schema.GroupKind]kinds.Kind
	namespaces  map[string]bool
	findings    []lint.Finding
	together    map[string]int // the index of a finding about many objects, by what they have in common
}

// judge adds the finding about a change. It returns the reason for which it was not checked, if so.
func (j *judge) judge(c Change, a Answer) manifest.NotChecked {
	switch a.Outcome {
	case Accepted:
		return ""
	case Refused:
		if a.IsImmutable && c.applied.recreates {
			return manifest.Recreated
		}
		j.refused(c, a)
		return ""
	case Forbidden:
		j.add(c, a.Verb+" "+resource(c.Kind), trace.Finding{
			Severity: trace.Error, Code: trace.CodeForbidden, Message: a.Message, Hint: forbiddenHint(c.Kind, a),
		})
		return manifest.Forbidden
	case NoKind:
		if _, declared := j.definitions[c.Kind.GroupKind()]; !declared {
			j.add(c, c.Kind.String(), trace.Finding{
				Severity: trace.Warning, Code: trace.CodeKindNotInstalled, Message: fmt.Sprintf("the cluster of context %s does not serve %s of %s", j.context, c.Kind.Kind, c.Kind.GroupVersion()),
				Hint: "install its CustomResourceDefinition before the merge, or correct apiVersion and kind",
			})
		}
		return manifest.KindNotInstalled
	case NoNamespace:
		if !j.namespaces[c.applied.body.GetNamespace()] {
			j.add(c, "namespace "+c.applied.body.GetNamespace(), trace.Finding{
				Severity: trace.Warning, Code: trace.CodeDryRunRefused, Message: fmt.Sprintf("%s is refused by the API server: %s", c.Ref, a.Message),
				Hint: "no file declares this Namespace: declare it, or create it before the merge",
			})
		}
		return manifest.NamespaceNotFound
	case NotSent, NoAnswer:
	}
	j.noAnswer(a)
	return manifest.NoAnswer
}

// refused adds a finding at the first field that the API server names.
func (j *judge) refused(c Change, a Answer) {
	f := trace.Finding{
		Severity: trace.Error, Code: trace.CodeDryRunRefused, Object: c.Ref, Message: fmt.Sprintf("%s is refused by the API server: %s", c.Ref, a.Message), Hint: refusedHint(c, a),
	}
	field := ""
	if len(a.Fields) > 0 {
		field = a.Fields[0]
	}
	place := c.At(field)
	found := lint.Finding{Finding: f, File: place.File, Line: place.Line}
	alike := found
	alike.Message = c.Ref.String() + " " + named.ReplaceAllString(a.Message, "")
	found.Cause = lint.CauseOf(alike)
	j.findings = append(j.findings, found)
}

// named matches the beginning of a refusal, which has the name of the object.
var named = regexp.MustCompile(`^[A-Za-z0-9.-]+ "[^"]*" is (invalid|forbidden): `)

func refusedHint(c Change, a Answer) string {
	isFlux := len(c.AppliedBy) > 0 && c.AppliedBy[0].Group == kinds.FluxKustomize
	switch {
	case c.Ref.Group == kinds.OpenChoreo && strings.HasSuffix(c.Ref.Kind, "Release") && a.IsImmutable:
		return "a release is immutable: revert the change, and create a new release"
	case a.IsImmutable:
		return "revert the change, or create the object under another name"
	case isFlux:
		return fmt.Sprintf("%s applies nothing while one object is refused", c.AppliedBy[0])
	}
	return ""
}

func forbiddenHint(kind kinds.Kind, a Answer) string {
	if a.Verb == "" {
		return "the API server rejects the credentials of the context: log in again"
	}
	return "a dry-run needs the rights of an apply: grant patch and create on " + resource(kind)
}

// add adds a finding about all objects that have key in common, at the first of them.
func (j *judge) add(c Change, key string, f trace.Finding) {
	key = string(f.Code) + " " + key
	if i, known := j.together[key]; known {
		j.findings[i].Names = append(j.findings[i].Names, c.Ref.String())
		return
	}
	j.together[key] = len(j.findings)
	f.Object = c.Ref
	place := c.At("")
	j.findings = append(j.findings, lint.Finding{Finding: f, File: place.File, Line: place.Line, Names: []string{c.Ref.String()}})
}

// noAnswer adds one finding without a place: no file is to blame.
func (j *judge) noAnswer(a Answer) {
	i, known := j.together["noAnswer"]
	if !known {
		i = len(j.findings)
		j.together["noAnswer"] = i
		j.findings = append(j.findings, lint.Finding{Finding: trace.Finding{Severity: trace.Error, Code: trace.CodeUnreachable}, Cause: string(trace.CodeUnreachable)})
	}
	f := &j.findings[i]
	f.Message = cmp.Or(f.Message, a.Message)
}

// resource is a kind as kubectl and RBAC name it.
func resource(kind kinds.Kind) string {
	return kind.GroupVersion().WithResource(kind.Plural).GroupResource().String()
}

// namespaces returns the Namespaces that a repository declares. A kustomization.yaml may rename one.
func namespaces(r *manifest.Repository) map[string]bool {
	found := map[string]bool{}
	add := func(ref facts.Ref) {
		if ref.Group == kinds.Core && ref.Kind == "Namespace" {
			found[ref.Name] = true
		}
	}
	for _, o := range r.Objects {
		add(o.Ref)
	}
	for _, ref := range r.Declared {
		add(ref)
	}
	return found
}

// maxMessage bounds a message: a server may print the whole object.
const maxMessage = 2000

func truncate(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + "…"
}
