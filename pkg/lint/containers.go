package lint

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// entry is one of env or files of a container.
type entry struct {
	object *manifest.Object
	path   string // such as spec.container.env[0]
	key    string
	fields map[string]any
}

// entries are those of the Workloads, and of what bindings put over them. What a release has copied is looked at where it
// was copied from.
func (w *index) entries() []entry {
	var found []entry
	for _, o := range w.byKind["Workload"] {
		found = append(found, containerEntries(o, "spec", "container")...)
	}
	for _, o := range w.byKind["ReleaseBinding"] {
		found = append(found, containerEntries(o, "spec", "workloadOverrides", "container")...)
	}
	return found
}

func containerEntries(o *manifest.Object, steps ...string) []entry {
	prefix := ""
	for _, s := range steps {
		prefix += s + "."
	}
	var found []entry
	for _, list := range []string{"env", "files"} {
		for i, item := range kinds.Items(o.Body, append(steps[:len(steps):len(steps)], list)...) {
			found = append(found, entry{o, fmt.Sprintf("%s%s[%d]", prefix, list, i), kinds.String(item, "key"), item})
		}
	}
	return found
}

// values: an entry has a value, or takes one from a secret. Both are refused by the API server; with none of them it is
// empty when it runs, which is rarely meant.
func values(w *index) {
	for _, e := range w.entries() {
		_, value := e.fields["value"]
		_, from := e.fields["valueFrom"]
		switch {
		case value && from:
			w.report(e.object, e.path, trace.Error, trace.Finding{
				Code: trace.CodeValueAmbiguous, Message: fmt.Sprintf("%s has both value and valueFrom", e.key),
				Hint: "the API server rejects it: remove one of them",
			})
		case !value && !from:
			w.report(e.object, e.path, trace.Warning, trace.Finding{
				Code: trace.CodeValueAmbiguous, Message: fmt.Sprintf("%s has neither value nor valueFrom", e.key),
				Hint: `it is empty when it runs; say value: "" where that is meant`,
			})
		}
	}
}

// secretReferences: valueFrom names a SecretReference of the control plane, and one of its keys, not a Secret
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:490).
func secretReferences(w *index) {
	for _, e := range w.entries() {
		name, key := kinds.String(e.fields, "valueFrom", "secretKeyRef", "name"), kinds.String(e.fields, "valueFrom", "secretKeyRef", "key")
		if name == "" {
			continue
		}
		path := e.path + ".valueFrom.secretKeyRef."
		t := target{trace.CodeSecretReferenceNotUsable, path + "name", "SecretReference", name}
		if !w.resolve(e.object, t) {
			continue
		}
		secret := w.find(ref("SecretReference", e.object.Ref.Namespace, name))
		if secret == nil || key == "" || hasKey(secret, key) {
			continue
		}
		w.report(e.object, path+"key", trace.Error, trace.Finding{
			Code: trace.CodeSecretReferenceNotUsable, Message: fmt.Sprintf("%s takes key %s of %s, which has no such key", e.key, key, secret.Ref),
		})
	}
}

func hasKey(secret *manifest.Object, key string) bool {
	for _, d := range kinds.Items(secret.Body, "spec", "data") {
		if kinds.String(d, "secretKey") == key {
			return true
		}
	}
	return false
}
