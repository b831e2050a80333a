package origin_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// resource is a template of a component type.
func resource(id, kind, name string, spec map[string]any) any {
	return map[string]any{"id": id, "template": map[string]any{
		"apiVersion": "external-secrets.io/v1", "kind": kind, "metadata": map[string]any{"name": name}, "spec": spec,
	}}
}

// trait is a trait that creates an ExternalSecret.
func trait(name string, spec map[string]any) any {
	return map[string]any{"kind": "ClusterTrait", "name": name, "spec": map[string]any{"creates": []any{resource("", "ExternalSecret", "${metadata.name}", spec)}}}
}

// used is an instance of a trait.
func used(name, instance string) any {
	return map[string]any{"kind": "ClusterTrait", "name": name, "instanceName": instance}
}

func storeRef(name any) map[string]any {
	return map[string]any{"secretStoreRef": map[string]any{"name": name, "kind": "SecretStore"}}
}

// secret adds an ExternalSecret to the release in development.
func secret(w assesstest.World) facts.Ref {
	w.T.Helper()
	return w.Releases("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: login, namespace: "+w.Cell("development")+"}}", false)
}

const correct = "correct spec.secretStoreRef of the ExternalSecret"

// TestExplainTemplate: the hint has the template that the object is rendered from, and where the template takes the value from.
func TestExplainTemplate(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const of, name = "The ExternalSecret is rendered from ", "${metadata.name}"
	const component, binding = "Component healthy/greeter-service", "ReleaseBinding healthy/greeter-service-development"
	for test, c := range map[string]struct {
		resources, traits, used []any
		want                    string
	}{
		"OneTemplate":    {resources: []any{resource("vault", "ExternalSecret", name, nil)}, want: of + "resource vault of ClusterComponentType deployment/shop"},
		"AnotherKind":    {resources: []any{resource("vault", "PushSecret", name, nil)}},
		"AnotherName":    {resources: []any{resource("vault", "ExternalSecret", name+"-tls", nil)}},
		"ByName":         {resources: []any{resource("tls", "ExternalSecret", name+"-tls", nil), resource("login", "ExternalSecret", "login", nil)}, want: of + "resource login of ClusterComponentType deployment/shop"},
		"TwoTemplates":   {resources: []any{resource("a", "ExternalSecret", name, nil), resource("b", "ExternalSecret", "lo${parameters.x}", nil)}, want: of + "ClusterComponentType deployment/shop"},
		"Trait":          {traits: []any{trait("vault", nil)}, want: of + "ClusterTrait vault"},
		"TypeOrTrait":    {resources: []any{resource("a", "ExternalSecret", name, nil)}, traits: []any{trait("vault", nil)}, want: of + "ClusterComponentType deployment/shop or ClusterTrait vault"},
		"Literal":        {resources: []any{resource("vault", "ExternalSecret", name, storeRef("ghost"))}, want: of + "resource vault of ClusterComponentType deployment/shop"},
		"Parameter":      {resources: []any{resource("vault", "ExternalSecret", name, storeRef("${parameters.store}"))}, want: of + "resource vault of ClusterComponentType deployment/shop, with spec.secretStoreRef.name from spec.parameters.store of " + component},
		"Override":       {resources: []any{resource("vault", "ExternalSecret", name, map[string]any{"secretStoreRef": "${environmentConfigs.store}"})}, want: of + "resource vault of ClusterComponentType deployment/shop, with spec.secretStoreRef from spec.componentTypeEnvironmentConfigs.store of " + binding},
		"List":           {resources: []any{resource("vault", "ExternalSecret", name, map[string]any{"secretStoreRef": []any{map[string]any{"name": "${parameters.store}"}}})}, want: of + "resource vault of ClusterComponentType deployment/shop, with spec.secretStoreRef[0].name from spec.parameters.store of " + component},
		"TwoExpressions": {resources: []any{resource("vault", "ExternalSecret", name, map[string]any{"secretStoreRef": map[string]any{"name": "${parameters.a}", "kind": "${parameters.b}"}})}, want: of + "resource vault of ClusterComponentType deployment/shop"},
		"TraitParameter": {traits: []any{trait("vault", storeRef("${parameters.store}"))}, used: []any{used("other", "x"), used("vault", "logins")}, want: of + "ClusterTrait vault, with spec.secretStoreRef.name from spec.traits[logins].parameters.store of " + component},
		"TraitOverride":  {traits: []any{trait("vault", storeRef("${environmentConfigs.store}"))}, used: []any{used("vault", "logins")}, want: of + "ClusterTrait vault, with spec.secretStoreRef.name from spec.traitEnvironmentConfigs.logins.store of " + binding},
		"TwoInstances":   {traits: []any{trait("vault", storeRef("${parameters.store}"))}, used: []any{used("vault", "a"), used("vault", "b")}, want: of + "ClusterTrait vault"},
	} {
		t.Run(test, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			release := w.One("ComponentRelease", w.Development().ReleaseName())
			w.Set(release, "deployment/shop", "spec", "componentType", "name")
			w.Set(release, c.resources, "spec", "componentType", "spec", "resources")
			w.Set(release, c.traits, "spec", "traits")
			w.Set(release, c.used, "spec", "componentProfile", "traits")
			f := trace.Finding{Code: trace.CodeSecretStoreNotReady, Severity: trace.Error, Object: secret(w), Hint: correct}
			want := correct
			if c.want != "" {
				want += ". " + c.want
			}
			if origin.Explain(w.Development(), &f); f.Hint != want {
				t.Errorf("%q, want %q", f.Hint, want)
			}
		})
	}
}

// TestExplainLabels: templates that differ in a fixed label only are told apart by it.
func TestExplainLabels(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	merged := func(visibility string) any {
		return `${oc_merge(metadata.labels, {"openchoreo.dev/endpoint-name": endpoint.key, "openchoreo.dev/endpoint-visibility": "` + visibility + `"})}`
	}
	fixed := func(visibility string) any { return map[string]any{"openchoreo.dev/endpoint-visibility": visibility} }
	const shop = "ClusterComponentType deployment/shop"
	for test, c := range map[string]struct {
		first, second any
		want          string
	}{
		"InExpressions": {merged("external"), merged("internal"), "resource a of " + shop},
		"OfSecond":      {merged("internal"), merged("external"), "resource b of " + shop},
		"Fixed":         {fixed("external"), fixed("internal"), "resource a of " + shop},
		"Calculated":    {fixed("${endpoint.visibility}"), fixed("internal"), "resource a of " + shop},
		"Same":          {merged("external"), merged("external"), shop},
		"Unknown":       {"${metadata.labels}", merged("external"), shop},
	} {
		t.Run(test, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			release := w.One("ComponentRelease", w.Development().ReleaseName())
			w.Set(release, "deployment/shop", "spec", "componentType", "name")
			var templates []any
			for id, labels := range map[string]any{"a": c.first, "b": c.second} {
				templates = append(templates, map[string]any{"id": id, "template": map[string]any{
					"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": map[string]any{"name": "${x}", "labels": labels},
				}})
			}
			w.Set(release, templates, "spec", "componentType", "spec", "resources")
			route := w.Releases("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: x, labels: {openchoreo.dev/endpoint-visibility: external}}}", false)
			f := trace.Finding{Code: trace.CodeRouteNotAccepted, Severity: trace.Error, Object: route, Hint: correct}
			if origin.Explain(w.Development(), &f); f.Hint != correct+". The HTTPRoute is rendered from "+c.want {
				t.Errorf("%q, want %q", f.Hint, c.want)
			}
		})
	}
}

// TestExplainFinding: only a finding that a correction of a rendered object may fix gets the sentence.
func TestExplainFinding(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for test, c := range map[string]struct {
		finding    trace.Finding
		another    string // the name of a SecretStore that the finding is about
		there      facts.Outcome
		isRendered bool
	}{
		"Spec":          {finding: trace.Finding{Code: trace.CodeSecretNotSynced, Hint: correct}, isRendered: true},
		"Warning":       {finding: trace.Finding{Code: trace.CodeSecretNotSynced, Severity: trace.Warning, Hint: "set refreshPolicy to OnChange"}, isRendered: true},
		"Remark":        {finding: trace.Finding{Code: trace.CodeSecretNotSynced, Severity: trace.Info, Hint: correct}},
		"Pod":           {finding: trace.Finding{Code: trace.CodeRolloutStuck, Hint: correct}},
		"Operator":      {finding: trace.Finding{Code: trace.CodeSecretNotSynced, Hint: "check that the operator runs", Fix: trace.FixOutside}},
		"NewVersion":    {finding: trace.Finding{Code: trace.CodeProgressiveRolloutFailed, Hint: "the rollout was aborted: fix the new version and commit a release of it", Fix: trace.FixOutside}},
		"AbsentStore":   {finding: trace.Finding{Code: trace.CodeSecretStoreNotReady, Hint: correct}, another: "ghost", there: facts.Absent, isRendered: true},
		"ExistingStore": {finding: trace.Finding{Code: trace.CodeSecretStoreNotReady, Hint: correct}, another: "shared", there: facts.Found},
		"Refused":       {finding: trace.Finding{Code: trace.CodeApplyFailed, Message: "failed to apply resource externalsecret-login: is invalid", Hint: "correct the value"}, another: "x", there: facts.Found, isRendered: true},
		"AnotherFails":  {finding: trace.Finding{Code: trace.CodeApplyFailed, Message: "failed to apply resource externalsecret-login-b: is invalid", Hint: "correct the value"}, another: "x", there: facts.Found},
	} {
		t.Run(test, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Set(w.One("ComponentRelease", w.Development().ReleaseName()), []any{resource("vault", "ExternalSecret", "${metadata.name}", nil)}, "spec", "componentType", "spec", "resources")
			f := c.finding
			f.Object = secret(w)
			if f.Severity == "" {
				f.Severity = trace.Error
			}
			if c.another != "" {
				f.Path, f.Object.Kind, f.Object.Name = []facts.Ref{f.Object}, "SecretStore", c.another
				w.Put(facts.Object{Ref: f.Object, Outcome: c.there})
			}
			if origin.Explain(w.Development(), &f); (f.Hint != c.finding.Hint) != c.isRendered {
				t.Errorf("%q", f.Hint)
			}
		})
	}
}
