package diff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/reasons"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// explain adds why what Git declares is not what its file has: the patch or the variable that sets a field that differs, and what leaves the
// file of an object out.
func (o *options) explain(ctx context.Context, v *view.Component, clone revisions.Clone, all []compare.Object) {
	f := reasons.New(clone, appliers(v))
	declared := compare.Comparable(v, clone.Repository)
	for i, c := range all {
		switch c.State {
		case compare.Changed:
			all[i].Reason = joined(c.Reason, setElsewhere(f, v, declared, c))
		case compare.OnlyFrom:
			for _, u := range f.LeftOut(ctx, o.reader.Repo, c.Ref, v.ComponentName) {
				if u.Branch == "" {
					all[i].Reason = fmt.Sprintf("%s declares it, and %s", manifest.Place{File: u.File, Line: u.Line}, withPlace(u))
					break
				}
			}
		case compare.Same, compare.OnlyTo, compare.NotCompared:
		}
	}
}

func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "; ")
}

func withPlace(u facts.UnappliedFile) string {
	if u.ByFile == "" {
		return u.Why()
	}
	return fmt.Sprintf("%s (%s)", u.Why(), manifest.Place{File: u.ByFile, Line: u.ByLine})
}

// setElsewhere names what sets the fields that differ, if that is not the file of the object.
func setElsewhere(f *reasons.Finder, v *view.Component, declared []*manifest.Object, c compare.Object) string {
	var all []string
	at := slices.IndexFunc(declared, func(o *manifest.Object) bool { return o.Ref == c.Ref })
	for _, field := range c.Fields {
		if field.Declared == nil && field.Path == releaseName && c.Ref.Kind == "ReleaseBinding" {
			all = append(all, kept(v, c.Ref, field))
			continue
		}
		if at < 0 {
			continue
		}
		if r, found := f.Set(*declared[at], field.Path); found {
			text := fmt.Sprintf("%s is set by %s", field.Path, r.Text)
			if r.Place.File != "" {
				text += fmt.Sprintf(" (%s)", r.Place)
			}
			all = append(all, text)
		}
	}
	return joined(all...)
}

const releaseName = "spec.releaseName"

// kept is about a release that Git no longer names: OpenChoreo's webhook keeps it (openchoreo v1.2.3 internal/webhook/releasebinding/webhook.go).
func kept(v *view.Component, ref facts.Ref, field drift.Field) string {
	for manager, fields := range facts.SpecManagers(v.Object(ref).Body) {
		if slices.Contains(fields, field.Path) {
			return fmt.Sprintf("Git does not set %s; the cluster has it from field manager %s", field.Path, manager)
		}
	}
	return fmt.Sprintf("Git does not set %s; OpenChoreo keeps the value in the cluster", field.Path)
}
