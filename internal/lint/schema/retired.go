package schema

import (
	"errors"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// retiredFields are fields of earlier API versions of Flux whose names are nearly those of fields of the newest one (helm-controller v0.37
// api/v2beta1/helmrelease_types.go).
var retiredFields = map[string]bool{"valuesFile": true}

// retiredVersions compares the objects of earlier API versions of Flux with the newest definition of their kind. A field that it does not have
// may be one of the earlier version, unless it is nearly one that the object could have.
func retiredVersions(ix *index.Index, retired []*manifest.Object) {
	violations, errs := make([][]schemas.Violation, len(retired)), make([]error, len(retired))
	each(len(retired), func(i int) {
		gvk := retired[i].Body.GroupVersionKind()
		gvk.Version = ix.Schemas.NewestVersion(gvk.GroupKind())
		newest := retired[i].Body.DeepCopy()
		newest.SetGroupVersionKind(gvk)
		violations[i], errs[i] = ix.Schemas.Check("", newest, nil)
	})
	ix.Err = errors.Join(append(errs, ix.Err)...)
	for i, o := range retired {
		for _, v := range violations[i] {
			field := v.Path[strings.LastIndex(v.Path, ".")+1:]
			if v.Unknown && nearest(v) != "" && !retiredFields[field] && !isVariable(o, v) {
				warn(ix, o, v)
			}
		}
	}
}

// isRetired reports whether an engine had a kind in an earlier API version.
func isRetired(ix *index.Index, o *manifest.Object) bool {
	return isOfEngine(o) && !removesFields(o) && ix.Schemas.NewestVersion(o.Body.GroupVersionKind().GroupKind()) != ""
}
