package schemas

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	runtime "k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
		t.Fatal(err)
	}
	return u
}

const workload = "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w, namespace: shop}\nspec:\n  owner: {projectName: p, componentName: c}\n"

func TestCheck(t *testing.T) {
	t.Parallel()
	s := New()
	for name, c := range map[string]struct {
		text string
		want []string // of paths
	}{
		"Good":          {workload + "  container: {image: i}", nil},
		"NameOfAFlag":   {"apiVersion: openchoreo.dev/v1alpha1\nkind: Environment\nmetadata: {name: --all}\nspec: {dataPlaneRef: {kind: DataPlane, name: d}}", []string{"metadata.name"}},
		"Label":         {"apiVersion: openchoreo.dev/v1alpha1\nkind: Environment\nmetadata: {name: e, labels: {a: b c}}\nspec: {dataPlaneRef: {kind: DataPlane, name: d}}", []string{"metadata.labels"}},
		"UnknownField":  {workload + "  container: {image: i, imagePullPolicy: Always}", []string{"spec.container.imagePullPolicy"}},
		"Required":      {workload + "  container: {}", []string{"spec.container.image"}},
		"Type":          {workload + "  container: {image: 1}", []string{"spec.container.image"}},
		"Enumeration":   {workload + "  container: {image: i}\n  endpoints: {http: {type: REST, port: 80}}", []string{"spec.endpoints.http.type"}},
		"Range":         {workload + "  container: {image: i}\n  endpoints: {http: {type: HTTP, port: 70000}}", []string{"spec.endpoints.http.port"}},
		"Rule":          {workload + "  container: {image: i, env: [{key: A, value: b, valueFrom: {secretKeyRef: {name: s, key: k}}}]}", []string{"spec.container.env[0]"}},
		"LabelIsNumber": {"apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w, labels: {a: 1}}\nspec: {owner: {projectName: p, componentName: c}, container: {image: i}}", []string{"metadata"}},
		// Defaults are applied before required fields are checked.
		"Default":      {"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\nspec: {owner: {projectName: p}, componentType: {name: deployment/x}}", nil},
		"Null":         {"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r}\nspec: {interval: 5m, chart: {spec: {chart: c, version: null, sourceRef: {kind: HelmRepository, name: s}}}}", nil},
		"RequiredNull": {workload + "  container: {image: null}", []string{"spec.container.image"}},
		"FreeForm":     {"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\nspec: {owner: {projectName: p}, componentType: {name: deployment/x}, parameters: {any: {thing: 1}}}", nil},
		"Pattern":      {"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\nspec: {owner: {projectName: p}, componentType: {name: x}}", []string{"spec.componentType.name"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := s.Check(Newest, object(t, c.text), nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range found {
				got = append(got, v.Path)
				if v.Message == "" {
					t.Errorf("%s: no message", v.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s\n%v", diff, found)
			}
		})
	}
}

// TestChange checks that immutability is a rule only for updates.
func TestChange(t *testing.T) {
	t.Parallel()
	s := New()
	before := object(t, "kind: ReleaseBinding\nspec: {owner: {projectName: p, componentName: c}, environment: development, releaseName: c-1}")
	for name, c := range map[string]struct{ spec, want string }{
		"Allowed":   {"{owner: {projectName: p, componentName: c}, environment: development, releaseName: c-2}", ""},
		"Immutable": {"{owner: {projectName: p, componentName: c}, environment: staging, releaseName: c-1}", "spec.environment"},
	} {
		found, err := s.Check(Newest, object(t, "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: b}\nspec: "+c.spec), before)
		if err != nil || len(found) > 1 || (len(found) == 1) != (c.want != "") || len(found) == 1 && found[0].Path != c.want {
			t.Errorf("%s: %v %v, want %q", name, found, err, c.want)
		}
	}
}

// TestReleases: each release of OpenChoreo has its own definitions.
func TestReleases(t *testing.T) {
	t.Parallel()
	s := New()
	const head = "apiVersion: openchoreo.dev/v1alpha1\n"
	project := head + "kind: Project\nmetadata: {name: p}\nspec: {deploymentPipelineRef: {name: d}}"
	noValue := head + "kind: Workload\nmetadata: {name: w}\nspec: {owner: {projectName: p, componentName: c}, container: {image: i, env: [{key: A}]}}"
	for name, c := range map[string]struct {
		text string
		want map[string]string // the path of the violation, by release
	}{
		"ProjectWithoutType": {project, map[string]string{"1.2": "spec.type"}},
		"EntryWithoutValue":  {noValue, map[string]string{"1.0": "spec.container.env[0]"}},
		"Status":             {project + "\nstatus: {conditions: []}", map[string]string{"1.2": "spec.type"}},
	} {
		for _, release := range Releases() {
			found, err := s.Check(release, object(t, c.text), nil)
			got := ""
			for _, v := range found {
				got += v.Path
			}
			if err != nil || got != c.want[release] {
				t.Errorf("%s in %s: %q, want %q (%v)", name, release, got, c.want[release], err)
			}
		}
	}
}

// TestEngines: the objects of Flux and Argo CD have definitions as well, which keep unknown fields where those of their authors do.
func TestEngines(t *testing.T) {
	t.Parallel()
	s := New()
	for name, c := range map[string]struct {
		text, want string
		beside     string // a field that the definition has in that place
	}{
		"HelmReleaseField":    {"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r}\nspec: {interval: 5m, chart: {spec: {chart: c, verson: 1.0.0, sourceRef: {kind: HelmRepository, name: h}}}}", "spec.chart.spec.verson", "version"},
		"HelmReleaseValues":   {"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r}\nspec: {interval: 5m, chartRef: {kind: OCIRepository, name: h}, values: {any: {thing: 1}}}", "", ""},
		"KustomizationField":  {"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec: {interval: 5m, prune: true, path: ./a, targetNamspace: x, sourceRef: {kind: GitRepository, name: g}}", "spec.targetNamspace", "targetNamespace"},
		"KustomizationType":   {"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec: {interval: 5m, prune: 'yes', sourceRef: {kind: GitRepository, name: g}}", "spec.prune", ""},
		"FieldInAList":        {"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: k}\nspec: {interval: 5m, prune: true, sourceRef: {kind: GitRepository, name: g}, dependsOn: [{nam: x, name: z}]}", "spec.dependsOn[0].nam", "name"},
		"ResourceSetTemplate": {"apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: r}\nspec: {inputs: [{a: b}], resources: [{apiVersion: v1, kind: X, any: thing}]}", "", ""},
		"ApplicationField":    {"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {project: p, destination: {namspace: n}, source: {repoURL: u}}", "spec.destination.namspace", "namespace"},
	} {
		found, err := s.Check("", object(t, c.text), nil)
		got, beside := "", []string(nil)
		for _, v := range found {
			got, beside = got+v.Path, v.Beside
		}
		if err != nil || got != c.want || c.beside != "" && !slices.Contains(beside, c.beside) {
			t.Errorf("%s: %q beside %v, want %q beside %q (%v)", name, got, beside, c.want, c.beside, err)
		}
	}
}

// TestEverySchemaCompiles compiles every definition with its CEL rules. An object without a spec is validated without an internal
// error.
func TestEverySchemaCompiles(t *testing.T) {
	t.Parallel()
	s := New()
	count := map[string]int{}
	for name, load := range s.families {
		f, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for release, known := range f.Releases {
			count[strings.TrimSpace(name+" "+release)] = len(known)
			for kind := range known {
				parts := strings.Split(kind, "/")
				if _, err := s.Check(release, object(t, "apiVersion: "+parts[0]+"/"+parts[1]+"\nkind: "+parts[2]+"\nmetadata: {name: x}"), nil); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"openchoreo 1.0": 28, "openchoreo 1.1": 33, "openchoreo 1.2": 37, "flux": 21, "argocd": 3}, count); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestKnows(t *testing.T) {
	t.Parallel()
	s := New()
	for kind, want := range map[runtime.GroupVersionKind]string{
		{Group: OpenChoreo, Version: "v1alpha1", Kind: "Component"}:                           "1.0 1.1 1.2",
		{Group: OpenChoreo, Version: "v1alpha1", Kind: "Resource"}:                            "1.1 1.2",
		{Group: OpenChoreo, Version: "v1alpha1", Kind: "ProjectReleaseBinding"}:               "1.2",
		{Group: OpenChoreo, Version: "v1", Kind: "Component"}:                                 "",
		{Group: OpenChoreo, Version: "v1alpha1", Kind: "Organization"}:                        "", // went with 0.13
		{Group: "helm.toolkit.fluxcd.io", Version: "v2", Kind: "HelmRelease"}:                 "1.0 1.1 1.2",
		{Group: "helm.toolkit.fluxcd.io", Version: "v2beta1", Kind: "HelmRelease"}:            "",
		{Group: "source.extensions.fluxcd.io", Version: "v1beta1", Kind: "ArtifactGenerator"}: "1.0 1.1 1.2",
		{Group: "apps", Version: "v1", Kind: "Deployment"}:                                    "",
	} {
		var got []string
		for _, release := range Releases() {
			if s.Knows(release, kind) {
				got = append(got, release)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %q", kind, got, want)
		}
	}
}

// TestNewestVersion: Argo CD and Flux have a newest version of each kind; OpenChoreo has releases.
func TestNewestVersion(t *testing.T) {
	t.Parallel()
	for kind, want := range map[runtime.GroupKind]string{
		{Group: "helm.toolkit.fluxcd.io", Kind: "HelmRelease"}: "v2", {Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}: "v1",
		{Group: "argoproj.io", Kind: "Application"}: "v1alpha1", {Group: "helm.toolkit.fluxcd.io", Kind: "Kustomization"}: "",
		{Group: "openchoreo.dev", Kind: "Component"}: "", {Group: "apps", Kind: "Deployment"}: "",
	} {
		if got := New().NewestVersion(kind); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

// TestInstalled: the getting-started guides differ in what a release added.
func TestInstalled(t *testing.T) {
	t.Parallel()
	s := New()
	for release, want := range map[string]int{"1.0": 14, "1.1": 17, "1.2": 21, "0.9": 0} {
		found, err := s.Installed(release)
		if err != nil || len(found) != want {
			t.Errorf("%s: %d objects, want %d (%v)", release, len(found), want, err)
		}
		if want > 0 && !slices.Contains(found, Installed{Kind: "ClusterComponentType", Name: "scheduled-task", WorkloadType: "cronjob"}) {
			t.Errorf("%s: no scheduled-task in %v", release, found)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	s := New()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(workload+"  container: {image: i, env: [{key: A, value: b}]}"), &u.Object); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if found, err := s.Check(Newest, u, nil); err != nil || len(found) > 0 {
			b.Fatal(found, err)
		}
	}
}
