package apitest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// serveControl answers for objects of OpenChoreo. A list leaves out what is Hidden, as the API leaves out what a user may not view.
func (a *API) serveControl(w http.ResponseWriter, path []string, query url.Values) {
	namespace := ""
	if path[0] == "namespaces" && len(path) > 2 {
		namespace, path = path[1], path[2:]
	}
	var of []facts.Object
	for _, o := range a.Control {
		if strings.ToLower(o.Ref.Kind)+"s" == path[0] && o.Ref.Namespace == namespace && !slices.Contains(a.Hidden, o.Ref.Kind) {
			of = append(of, o)
		}
	}
	if len(path) == 2 {
		for _, o := range of {
			if o.Ref.Name == path[1] {
				send(w, http.StatusOK, bare(o))
				return
			}
		}
		Fail(w, http.StatusNotFound, "NOT_FOUND", path[0]+" not found")
		return
	}
	items := []any{}
	for _, o := range of {
		if c := query.Get("component"); c == "" || c == kinds.Text(o.Body, "spec", "owner", "componentName") {
			items = append(items, bare(o))
		}
	}
	page := map[string]any{}
	if a.Pages && query.Get("cursor") == "" && len(items) > 0 {
		items, page["nextCursor"] = items[:1], "next"
	} else if query.Get("cursor") == "next" {
		items = items[1:]
	}
	send(w, http.StatusOK, map[string]any{"items": items, "pagination": page})
}

// bare is an object with the metadata that the API leaves.
func bare(o facts.Object) map[string]any {
	object := o.Body.DeepCopy()
	for _, field := range []string{"generation", "ownerReferences", "managedFields", "resourceVersion", "finalizers"} {
		delete(kinds.Fields(object.Object, "metadata"), field)
	}
	return object.Object
}
