package build

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sync"

	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TargetsElsewhere reports what is wrong with the targets of the patches of a Kustomization of Flux, whatever is in the folder that it applies,
// which is in another repository: a regular expression that kustomize rejects, and a kind that is nearly a known one.
func (b *Builder) TargetsElsewhere(d Delivery) []manifest.Problem {
	around, _ := specOf(d.Body)
	var found []manifest.Problem
	for i, p := range around.Patches {
		if p.Target == nil {
			continue
		}
		t, path := offline.Target{Selector: *p.Target}, fmt.Sprintf("spec.patches[%d].target.", i)
		if _, err := kustomize.NewSelectorRegex(p.Target); err != nil {
			at := d.Document.At(path + "kind")
			for _, field := range []struct{ name, value string }{{"kind", t.Kind}, {"name", t.Name}, {"group", t.Group}, {"version", t.Version}, {"namespace", t.Namespace}} {
				if field.value != "" && field.value == rejected(err) {
					at = d.Document.At(path + field.name)
				}
			}
			found = append(found, manifest.Problem{Kind: manifest.NotBuilt, Place: at, Object: d.Ref, Message: "the target of a patch: " + err.Error()})
		} else if message := unknownKind(t, targets{b}.knownKinds()); message != "" {
			found = append(found, manifest.Problem{Kind: manifest.TargetAbsent, Place: d.Document.At(path + "kind"), Object: d.Ref, Message: message})
		}
	}
	return found
}

// unused matches folders whose content is out of use, or a template for others.
var unused = regexp.MustCompile(`(?i)(^|/)(\.|_|archived?(/|$)|attic/|old(/|$)|disabled|deprecated|unused|backup(/|$)|templates?(/|$)|examples?/|samples?/|docs?/|tests?/|e2e/)`)

// Unapplied reports what is certainly wrong with a kustomization file that nothing applies, without a build: the files and folders that do
// not exist, and a mistyped kind of a target whose objects are in another repository. A file that git ignores may exist for those who build it.
func (b *Builder) Unapplied(name string) (found []manifest.Problem) {
	k, err := b.parsed.Kustomization(name)
	if err != nil || unused.MatchString(name) || b.parsed.IsTemplate(name) || b.parsed.InChart(name) || b.parsed.IsTestData(name) {
		return nil
	}
	isRemote := false
	lines := sync.OnceValue(func() map[string]int { return b.parsed.FirstLines(name) })
	for _, entry := range slices.Concat(k.Resources, k.Components) {
		remote := offline.IsRemote(entry)
		isRemote = isRemote || remote
		file := path.Join(path.Dir(name), entry)
		if !remote && len(found) < maxMissing && !b.parsed.Exists(file) && b.parsed.Excluded[file] == nil && len(bootstrapped(path.Base(entry))) == 0 && !b.parsed.IsGitIgnored(file) {
			at := manifest.Place{File: name, Line: max(1, lines()[entry])}
			found = append(found, manifest.Problem{Kind: manifest.NotBuilt, Place: at, Message: fmt.Sprintf("it names '%s', which does not exist", entry)})
		}
	}
	for _, p := range k.Patches {
		if !isRemote || p.Target == nil {
			continue
		}
		t := offline.Target{File: name, Selector: *p.Target}
		if message := unknownKind(t, targets{b}.knownKinds()); message != "" {
			found = append(found, manifest.Problem{Kind: manifest.TargetAbsent, Place: targets{b}.placeOfTarget(t, t.Kind, facts.Ref{}, manifest.Place{}), Message: message})
		}
	}
	return found
}

// inError is the regular expression in an error about it. Kustomize anchors it (api/types/selector.go).
var inError = regexp.MustCompile("(?s)error parsing regexp: .*`\\^\\(\\?:(.*)\\)\\$`")

// rejected returns the field of a target that is no regular expression; "" if the error is another one.
func rejected(err error) string {
	if m := inError.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return ""
}

// placeOfExpression returns the place of the target that kustomize rejects, else another place.
func (b targets) placeOfExpression(err error, folder string, ks facts.Ref, otherwise manifest.Place) manifest.Place {
	word := rejected(err)
	for _, t := range b.memory().Targets(folder) {
		for _, value := range []string{t.Kind, t.Name, t.Group, t.Version, t.Namespace} {
			if word != "" && value == word {
				return b.placeOfTarget(t, word, ks, otherwise)
			}
		}
	}
	return otherwise
}
