package references

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// secretKeys: the secretKeyRef of a notification channel or a plane names a Secret, and one of its keys. The Secret is in the namespace of the
// object, unless the reference has another (openchoreo v1.2.3 internal/controller/observabilityalertsnotificationchannel/controller.go:307;
// api/v1alpha1/dataplane_types.go:11).
func secretKeys(ix *index.Index) {
	var secrets map[facts.Ref][]*manifest.Object
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if o.Ref.Group != kinds.OpenChoreo || o.Ref.Kind != "ObservabilityAlertsNotificationChannel" && !strings.HasSuffix(o.Ref.Kind, "Plane") {
			continue
		}
		if secrets == nil {
			secrets = secretsOf(ix)
		}
		for _, r := range secretKeyRefs(o.Body.Object["spec"], "spec") {
			secret := facts.Ref{Plane: facts.Control, Kind: "Secret", Namespace: cmp.Or(r.namespace, o.Ref.Namespace), Name: r.name}
			declared := secrets[secret]
			if len(declared) == 0 || r.key == "" || strings.Contains(r.key, "${") || slices.ContainsFunc(declared, func(s *manifest.Object) bool { return mayHaveKey(s, r.key) }) {
				continue
			}
			ix.Report(o, r.path+".key", trace.Error, trace.Finding{
				Code: trace.CodeSecretReferenceNotUsable, Message: fmt.Sprintf("%s takes key %s of %s, which has no such key", o.Ref, r.key, secret),
			})
		}
	}
}

func secretsOf(ix *index.Index) map[facts.Ref][]*manifest.Object {
	found := map[facts.Ref][]*manifest.Object{}
	for i := range ix.Objects {
		if o := &ix.Objects[i]; o.Ref.Group == kinds.Core && o.Ref.Kind == "Secret" {
			found[o.Ref] = append(found[o.Ref], o)
		}
	}
	return found
}

// mayHaveKey reports whether a Secret has a key, or gets keys that are not in the repository: from a controller, or from another field manager.
func mayHaveKey(secret *manifest.Object, key string) bool {
	body := secret.Body.Object
	data, _ := body["data"].(map[string]any)
	text, _ := body["stringData"].(map[string]any)
	_, inData := data[key]
	_, inText := text[key]
	isFilled := len(data)+len(text) == 0 || kinds.Text(secret.Body, "type") == "kubernetes.io/service-account-token"
	return inData || inText || isFilled || secret.Unresolved || secret.Body.GetAnnotations()[kinds.FluxKustomize+"/ssa"] != ""
}

// secretKeyRef is a reference to a key of a Secret.
type secretKeyRef struct{ path, namespace, name, key string }

// secretKeyRefs returns the references below a field, in the order of their paths.
func secretKeyRefs(value any, path string) []secretKeyRef {
	var found []secretKeyRef
	fields, _ := value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := path + "." + name
		if inner, is := fields[name].(map[string]any); is && name == "secretKeyRef" {
			found = append(found, secretKeyRef{at, kinds.String(inner, "namespace"), kinds.String(inner, "name"), kinds.String(inner, "key")})
		} else {
			found = append(found, secretKeyRefs(fields[name], at)...)
		}
	}
	return found
}
