package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// clustered is a cluster-scoped object of OpenChoreo.
func clustered(kind, name, spec string) string {
	return "{apiVersion: openchoreo.dev/v1alpha1, kind: " + kind + ", metadata: {name: " + name + "}, spec: {" + spec + "}}\n"
}

func componentOf(kind, name string) string {
	return choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: "+kind+", name: "+name+"}")
}

// compareRules runs rules over the shop and more, and compares file, severity, code and message.
func compareRules(t *testing.T, name, text string, want []string) {
	t.Helper()
	var got []string
	for _, line := range reported(t, repository(t, shop+text), "") {
		if !strings.HasPrefix(line, "checked as") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// jobType is the spec of a component type that renders a Job.
func jobType(more string) string {
	return "workloadType: job, resources: [{id: job, template: {apiVersion: batch/v1, kind: Job, spec: {backoffLimit: 1" + more + "}}}]"
}

// TestDefaults: what OpenChoreo's getting-started guide installs is not missing, also where other objects of the kind are declared.
func TestDefaults(t *testing.T) {
	t.Parallel()
	own := clustered("ClusterTrait", "cache", "") + clustered("ClusterWorkflow", "own", "runTemplate: {}") + clustered("ClusterComponentType", "own", jobType(""))
	with := func(more string) string {
		return own + choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: ClusterComponentType, name: deployment/service}, "+more)
	}
	compareRules(t, "Trait", with("traits: [{kind: ClusterTrait, name: observability-alert-rule, instanceName: a}]"), nil)
	compareRules(t, "Workflow", with("workflow: {kind: ClusterWorkflow, name: dockerfile-builder}"), nil)
	compareRules(t, "OtherName", with("traits: [{kind: ClusterTrait, name: observability-alert-rules, instanceName: a}]"), []string{
		"c.yaml error TraitNotFound Component shop/c names ClusterTrait observability-alert-rules, which is not in this repository",
	})
	compareRules(t, "OtherScope", with("traits: [{kind: Trait, name: observability-alert-rule, instanceName: a}]"), nil) // no Trait is declared
	compareRules(t, "AddedLater", chartRelease("1.0.0")+clustered("ClusterProjectType", "own", "resources: []"), []string{
		"demo-development.yaml error SchemaViolation OpenChoreo 1.0 has no kind ProjectReleaseBinding in openchoreo.dev/v1alpha1",
		"demo.yaml error ProjectTypeNotFound Project shop/demo names ClusterProjectType default, which is not in this repository",
		"demo.yaml error SchemaViolation OpenChoreo 1.0 has no field spec.type in Project",
		"own.yaml error SchemaViolation OpenChoreo 1.0 has no kind ClusterProjectType in openchoreo.dev/v1alpha1",
	})
}

func TestWorkloadTypes(t *testing.T) {
	t.Parallel()
	own := choreo("ComponentType", "web", "workloadType: deployment, resources: [{id: deployment, template: {}}]")
	compareRules(t, "Same", own+componentOf("ComponentType", "deployment/web"), nil)
	compareRules(t, "Other", own+componentOf("ComponentType", "statefulset/web"), []string{
		"c.yaml error InvalidConfiguration Component shop/c names its type as statefulset/web, but the workloadType of ComponentType shop/web is deployment",
	})
	compareRules(t, "Installed", componentOf("ClusterComponentType", "deployment/scheduled-task"), []string{
		"c.yaml error InvalidConfiguration Component shop/c names its type as deployment/scheduled-task, but the workloadType of ClusterComponentType scheduled-task is cronjob",
	})
	compareRules(t, "NotKnown", componentOf("ClusterComponentType", "statefulset/postgres"), nil)
	compareRules(t, "OwnInsteadOfInstalled", clustered("ClusterComponentType", "service", "workloadType: statefulset, resources: [{id: statefulset, template: {}}]")+componentOf("ClusterComponentType", "statefulset/service"), []string{
		"front.yaml error InvalidConfiguration Component shop/front names its type as deployment/service, but the workloadType of ClusterComponentType service is statefulset",
	})
}

func TestJobs(t *testing.T) {
	t.Parallel()
	compareRules(t, "WithoutTime", clustered("ClusterComponentType", "job", jobType("")), nil)
	compareRules(t, "WithTime", clustered("ClusterComponentType", "job", jobType(", ttlSecondsAfterFinished: 60")), []string{
		"job.yaml warning JobRunsAgain ClusterComponentType job renders a Job with ttlSecondsAfterFinished: after Kubernetes has deleted the Job, OpenChoreo creates it again, and it runs again",
	})
	compareRules(t, "Trait", choreo("Trait", "migrate", "creates: [{template: {apiVersion: batch/v1, kind: Job, spec: {ttlSecondsAfterFinished: 60}}}]"), []string{
		"migrate.yaml warning JobRunsAgain Trait shop/migrate renders a Job with ttlSecondsAfterFinished: after Kubernetes has deleted the Job, OpenChoreo creates it again, and it runs again",
	})
	compareRules(t, "CronJob", clustered("ClusterComponentType", "cron", "workloadType: cronjob, resources: [{id: cronjob, template: {apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {ttlSecondsAfterFinished: 60}}}}}]"), nil)
}

func TestControlPlaneNamespaces(t *testing.T) {
	t.Parallel()
	namespace := func(name, labels string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + ", labels: {" + labels + "}}}\n"
	}
	compareRules(t, "Labelled", namespace("shop", "openchoreo.dev/control-plane: 'true'"), nil)
	compareRules(t, "NotLabelled", namespace("shop", "a: b"), []string{
		`shop.yaml warning NamespaceNotListed Namespace shop contains Projects, but has no label openchoreo.dev/control-plane: "true"`,
	})
	compareRules(t, "WithoutProjects", namespace("monitoring", ""), nil)
}

// TestRenamedNamespaces: a Namespace whose name is a placeholder is meant to be renamed; one that other objects need is not.
func TestRenamedNamespaces(t *testing.T) {
	t.Parallel()
	const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}\n"
	inside := "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: a}}\n"
	want := []string{"a.yaml warning NamespaceRenamed Namespace a is applied as Namespace b, but ConfigMap a/settings is in namespace a", "checked as 1.2"}
	for name, c := range map[string]struct {
		written, applied, target, more string
		want                           []string
	}{
		"ByKustomize":       {"a", "b", "", inside, want},
		"ByTarget":          {"a", "a", "b", inside, want},
		"SameTarget":        {"a", "a", "a", inside, want[1:]},
		"NoTarget":          {"a", "a", "", inside, want[1:]},
		"Placeholder":       {"_", "b", "", inside, want[1:]},
		"NothingInside":     {"a", "b", "", "", want[1:]},
		"DeclaredElsewhere": {"a", "b", "", inside + strings.ReplaceAll(namespace, "%s", "a"), want[1:]},
	} {
		r := repository(t, strings.ReplaceAll(namespace, "%s", c.written)+c.more)
		delivered(t, r, "apps", "")
		r.Objects[0].AppliedBy = []facts.Ref{r.Kustomizations[0].Ref}
		r.Objects[0].Ref.Name = c.applied
		if c.target != "" {
			r.Kustomizations[0].Body.Object["spec"].(map[string]any)["targetNamespace"] = c.target
		}
		if diff := cmp.Diff(c.want, without(reported(t, r, ""), "DuplicateObject")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestEncryptedSecrets(t *testing.T) {
	t.Parallel()
	load := func(annotation string, decryption any, applied bool) *manifest.Repository {
		r := repository(t, "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop, annotations: {kustomize.toolkit.fluxcd.io/decrypt: '"+annotation+"'}}, stringData: {a: 'ENC[x]'}, sops: {mac: x}}\n")
		kinds := []string{}
		if applied {
			kinds = append(kinds, "Secret")
		}
		delivered(t, r, "apps", "", kinds...)
		if decryption != nil {
			r.Kustomizations[0].Body.Object["spec"].(map[string]any)["decryption"] = decryption
		}
		return r
	}
	want := []string{"s.yaml error KustomizationApplyFailed Secret shop/s is encrypted with SOPS, and Kustomization flux-system/apps has no spec.decryption", "checked as 1.2"}
	for name, c := range map[string]struct {
		r    *manifest.Repository
		want []string
	}{
		"NotConfigured": {load("", nil, true), want},
		"Configured":    {load("", map[string]any{"provider": "sops"}, true), want[1:]},
		"Disabled":      {load("disabled", nil, true), want[1:]},
		"NotApplied":    {load("", nil, false), want[1:]},
	} {
		if diff := cmp.Diff(c.want, reported(t, c.r, "")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestChartSources(t *testing.T) {
	t.Parallel()
	repo := flux("HelmRepository", "charts", "url: 'https://charts.example.net'")
	release := func(name, source string) string {
		return flux("HelmRelease", name, "chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, "+source+"}}}")
	}
	const missing = "two.yaml warning SourceNotFound HelmRelease flux-system/two names HelmRepository "
	compareRules(t, "Declared", repo+release("one", "name: charts"), nil)
	compareRules(t, "Slip", repo+release("one", "name: charts")+release("two", "name: chart"), []string{missing + "flux-system/chart, which is not in this repository"})
	compareRules(t, "OtherNamespace", repo+release("one", "name: charts")+release("two", "name: charts, namespace: web"), []string{missing + "web/charts, which is not in this repository"})
	compareRules(t, "NoSourcesHere", release("one", "name: charts")+release("two", "name: chart"), nil)
	compareRules(t, "Variable", repo+release("one", "name: charts")+release("two", "name: '${CHARTS}'"), nil)
	compareRules(t, "OtherKind", repo+release("one", "name: charts")+flux("HelmRelease", "two", "chartRef: {kind: OCIRepository, name: x}"), nil)
	compareRules(t, "ChartRef", flux("OCIRepository", "x", "url: 'oci://a/b'")+flux("HelmRelease", "one", "chartRef: {kind: OCIRepository, name: x}")+flux("HelmRelease", "two", "chartRef: {kind: OCIRepository, name: q}"), []string{
		"two.yaml warning SourceNotFound HelmRelease flux-system/two names OCIRepository flux-system/q, which is not in this repository",
	})
}

// TestPromotions and unused releases: development has the first release, staging comes after it.
func TestPromotions(t *testing.T) {
	t.Parallel()
	second := strings.Replace(releaseLine(), "front-20261121-1", "front-20261121-2", 1) + "\n"
	zeroth := strings.Replace(releaseLine(), "front-20261121-1", "front-20261121-0", 1) + "\n"
	cell := choreo("ProjectReleaseBinding", "demo-staging", "owner: {projectName: demo}, environment: staging")
	compareRules(t, "Promoted", cell+binding("b", "staging", "releaseName: front-20261121-1"), nil)
	compareRules(t, "Behind", zeroth+cell+binding("b", "staging", "releaseName: front-20261121-0"), nil)
	compareRules(t, "Skipped", second+cell+binding("b", "staging", "releaseName: front-20261121-2"), []string{
		"b.yaml warning PromotionSkipped ReleaseBinding shop/b pins front-20261121-2, but environment development, from which staging is promoted, has the older front-20261121-1",
	})
	compareRules(t, "Undeployed", second+cell+binding("b", "staging", "releaseName: front-20261121-2, state: Undeploy"), nil)
	compareRules(t, "NotBound", second, nil)
	compareRules(t, "Unused", zeroth, []string{
		"front-20261121-0.yaml info ReleaseUnused ComponentRelease shop/front-20261121-0 is older than front-20261121-1, the newest release with a ReleaseBinding, and no ReleaseBinding has it in spec.releaseName",
	})
}

// TestImageNotReleased names both images.
func TestImageNotReleased(t *testing.T) {
	t.Parallel()
	r := repository(t, strings.Replace(shop, "componentName: front}, container: {image: i}", "componentName: front}, container: {image: j}", 1))
	want := "Workload shop/front-workload differs from front-20261121-1, the newest release that is bound: its image is j, and that of the release is i"
	for _, f := range judge(t, r) {
		if f.Code == "WorkloadNotReleased" && f.Message == want {
			return
		}
	}
	t.Errorf("no finding says %q", want)
}
