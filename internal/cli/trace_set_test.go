package cli

import (
	"strings"
	"testing"
)

// TestTraceNamesWhatSetsAField: the file of an object does not have the value that fails. The hint names the patch or the variable that sets
// it; not one that sets something else, and not one of which the cluster does not have the value.
func TestTraceNamesWhatSetsAField(t *testing.T) {
	t.Parallel()
	const kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [objects.yaml]\n"
	const owner = "owner: {projectName: demo, componentName: greeter-service}"
	const api = "apiVersion: openchoreo.dev/v1alpha1\n"
	release := func(namespace, image, greeting string) string {
		return api + "kind: ComponentRelease\nmetadata: {name: greeter-service-20261121-2, namespace: " + namespace + "}\nspec:\n  " + owner +
			"\n  workload:\n    container:\n      image: " + image + "\n      env:\n        - {key: GREETING, value: " + greeting + "}\n"
	}
	binding := func(namespace, environment, release string) string {
		return "---\n" + api + "kind: ReleaseBinding\nmetadata: {name: greeter-service-" + environment + ", namespace: " + namespace + "}\nspec: {" + owner +
			", environment: " + environment + ", releaseName: " + release + "}\n"
	}
	const image = "registry.example.com/acme/greeter-service:"
	patch := func(path, value string) string {
		return "patches:\n  - target: {kind: ComponentRelease|ReleaseBinding}\n    patch: |\n      - {op: replace, path: " + path + ", value: '" + value + "'}\n"
	}
	for name, c := range map[string]struct {
		scenario, environment string
		objects, patches      string
		variables             string
		want                  string // that the hint ends in; it ends in nothing of the clone for ""
	}{
		"ImageByPatch": {
			"pod-image-pull", "development", release("pod-image-pull", image+"1.0.0", "hello"), patch("/spec/workload/container/image", image+"missing"), "",
			"spec.workload.container.image of ComponentRelease pod-image-pull/greeter-service-20261121-2 is set by a patch (FOLDER/kustomization.yaml:7)",
		},
		"ImageByVariable": {
			"pod-image-pull", "development", release("pod-image-pull", image+"${TAG}", "hello"), "", "TAG: missing",
			"spec.workload.container.image of ComponentRelease pod-image-pull/greeter-service-20261121-2 is set by the variable TAG of Kustomization flux-system/oc-pod-image-pull-projects (flux/projects.yaml:11)",
		},
		"ImageOfItsFile":    {"pod-image-pull", "development", release("pod-image-pull", image+"missing", "hello"), "", "", ""},
		"ImageNotInCluster": {"pod-image-pull", "development", release("pod-image-pull", image+"1.0.0", "hello"), patch("/spec/workload/container/image", image+"other"), "", ""},
		"OtherField":        {"pod-image-pull", "development", release("pod-image-pull", image+"missing", "hello"), patch("/spec/workload/container/env/0/value", "masked-1"), "", ""},
		"ReleaseByPatch": {
			"release-absent", "staging", binding("release-absent", "staging", "greeter-service-20261121-1"), patch("/spec/releaseName", "greeter-service-20990101-1"), "",
			"spec.releaseName of ReleaseBinding release-absent/greeter-service-staging is set by a patch (FOLDER/kustomization.yaml:7)",
		},
		"EnvironmentByVariable": {
			"environment-absent", "qa", strings.Replace(binding("environment-absent", "qa", "greeter-service-20261121-1"), "environment: qa", "environment: '${ENVIRONMENT:=staging}'", 1), "", "ENVIRONMENT: qa",
			"spec.environment of ReleaseBinding environment-absent/greeter-service-qa is set by the variable ENVIRONMENT of Kustomization flux-system/oc-environment-absent-projects (flux/projects.yaml:11)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newChangesRepository(t)
			r.scenario = c.scenario
			folder := r.folder()
			r.git("", "rm", "--quiet", "-r", ".")
			r.lay(folder+"/objects.yaml", c.objects)
			r.lay(folder+"/kustomization.yaml", kustomization+c.patches)
			if c.variables != "" {
				r.lay("flux/projects.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: oc-"+c.scenario+"-projects, namespace: flux-system}\nspec:\n  interval: 1m\n  prune: true\n"+
					"  path: ./"+folder+"\n  sourceRef: {kind: GitRepository, name: "+r.sourceRef().Name+"}\n  postBuild:\n    substitute:\n      "+c.variables+"\n")
			}
			r.git("", "add", "--all")
			r.git("2026-11-21T09:20:20Z", "commit", "--quiet", "--message", "last")
			got, _ := r.trace("-e", c.environment, "--kubeconfig", r.cluster(), "--repo", r.dir)
			if got.Failing == nil {
				t.Fatal("nothing fails")
			}
			want := strings.ReplaceAll(c.want, "FOLDER", folder)
			if !strings.HasSuffix(got.Failing.Hint, want) || strings.Contains(got.Failing.Hint, "is set by") != (want != "") {
				t.Errorf("hint %q, want %q", got.Failing.Hint, want)
			}
		})
	}
}
