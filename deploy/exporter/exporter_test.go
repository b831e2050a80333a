package exporter

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// built returns the objects of the base with both components, by kind.
func built(t *testing.T) map[string]map[string]any {
	t.Helper()
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	top := filepath.Join(folder, "testdata", "all")
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), top)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, r := range resources.Resources() {
		object, err := r.Map()
		if err != nil {
			t.Fatal(err)
		}
		all[r.GetKind()] = object
	}
	return all
}

func into(t *testing.T, object map[string]any, typed any) {
	t.Helper()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object, typed, true); err != nil {
		t.Fatal(err)
	}
}

// TestRights: the role grants get, list and watch of what a trace reads, but for logs, and nothing else, to the account that runs it.
func TestRights(t *testing.T) {
	t.Parallel()
	objects := built(t)
	var role rbacv1.ClusterRole
	into(t, objects["ClusterRole"], &role)
	got, want := map[string]bool{}, map[string]bool{}
	for _, r := range role.Rules {
		if diff := cmp.Diff([]string{"get", "list", "watch"}, r.Verbs); diff != "" || len(r.APIGroups) != 1 {
			t.Errorf("%v: %s", r, diff)
		}
		for _, resource := range r.Resources {
			got[r.APIGroups[0]+"/"+resource] = true
		}
	}
	for _, r := range kinds.TraceRules() {
		for _, resource := range r.Resources {
			if resource != "pods/log" {
				want[r.Group+"/"+resource] = true
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rights (-read +granted)\n%s", diff)
	}
	var binding rbacv1.ClusterRoleBinding
	into(t, objects["ClusterRoleBinding"], &binding)
	pod := deployment(t, objects).Spec.Template.Spec
	account := objects["ServiceAccount"]["metadata"].(map[string]any)
	subject := rbacv1.Subject{Kind: "ServiceAccount", Name: pod.ServiceAccountName, Namespace: account["namespace"].(string)}
	if diff := cmp.Diff([]rbacv1.Subject{subject}, binding.Subjects); diff != "" || account["name"] != pod.ServiceAccountName || binding.RoleRef.Name != role.Name {
		t.Errorf("binding of %s to %v (-want +got)\n%s", binding.RoleRef.Name, account, diff)
	}
}

func deployment(t *testing.T, objects map[string]map[string]any) appsv1.Deployment {
	t.Helper()
	var d appsv1.Deployment
	into(t, objects["Deployment"], &d)
	return d
}

// TestPodIsRestricted: the pod fits the restricted Pod Security Standard, which its namespace enforces.
func TestPodIsRestricted(t *testing.T) {
	t.Parallel()
	objects := built(t)
	d := deployment(t, objects)
	pod, c := d.Spec.Template.Spec, d.Spec.Template.Spec.Containers[0]
	s := c.SecurityContext
	for name, ok := range map[string]bool{
		"non-root":   *pod.SecurityContext.RunAsNonRoot && pod.SecurityContext.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault,
		"escalation": !*s.AllowPrivilegeEscalation && *s.ReadOnlyRootFilesystem && s.Privileged == nil,
		"drop":       slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) && len(s.Capabilities.Add) == 0,
		"host":       !pod.HostNetwork && !pod.HostPID && len(pod.Volumes) == 0,
		"selector":   d.Spec.Selector.MatchLabels["app.kubernetes.io/name"] == d.Spec.Template.Labels["app.kubernetes.io/name"] && len(d.Spec.Selector.MatchLabels) > 0,
		"limit":      !c.Resources.Limits.Memory().IsZero(),
	} {
		if !ok {
			t.Errorf("%s: %+v, %+v", name, pod, s)
		}
	}
	enforced, _, _ := unstructured.NestedString(objects["Namespace"], "metadata", "labels", "pod-security.kubernetes.io/enforce")
	var service corev1.Service
	into(t, objects["Service"], &service)
	if enforced != "restricted" || service.Spec.Selector["app.kubernetes.io/name"] != "choreo-exporter" || service.Spec.Ports[0].Port != c.Ports[0].ContainerPort {
		t.Errorf("namespace enforces %q; service %+v", enforced, service.Spec)
	}
}

// TestArguments: the container runs the command that exists.
func TestArguments(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/commands/exporter.md")
	if err != nil {
		t.Fatal(err)
	}
	args := deployment(t, built(t)).Spec.Template.Spec.Containers[0].Args
	if args[0] != "exporter" {
		t.Errorf("args %v", args)
	}
	for _, arg := range args[1:] {
		if name, _, _ := strings.Cut(arg, "="); !strings.Contains(string(page), name+" ") {
			t.Errorf("the command has no flag %s", name)
		}
	}
}

// groups are those of the PrometheusRule.
func groups(t *testing.T) map[string]any {
	t.Helper()
	spec, _ := built(t)["PrometheusRule"]["spec"].(map[string]any)
	return map[string]any{"groups": spec["groups"]}
}

// dashboard returns the queries of the dashboard.
func dashboard(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
		if len(p.Targets) == 0 {
			t.Errorf("panel %s has no query", p.Title)
		}
	}
	return all
}

// TestQueriesUseExportedMetrics: the page that a test of internal/exporter holds to the exporter lists every name in a query, and there
// is a page for each finding that an alert links.
func TestQueriesUseExportedMetrics(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exporter.md")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := yaml.Marshal(groups(t))
	if err != nil {
		t.Fatal(err)
	}
	queries := string(rules) + strings.Join(dashboard(t), "\n")
	for _, name := range regexp.MustCompile(`\bchoreo_[a-z_]+`).FindAllString(queries, -1) {
		if !strings.Contains(string(page), "| `"+strings.TrimSuffix(name, "_bucket")+"` |") {
			t.Errorf("%s is not exported", name)
		}
	}
	for _, link := range regexp.MustCompile(`runbook_url: (\S+)/blob/main/(\S+\.md)`).FindAllStringSubmatch(string(rules), -1) {
		file := strings.NewReplacer("{{", "", "}}", "").Replace(link[2])
		if strings.Contains(file, "$") {
			continue
		}
		if _, err := os.Stat(filepath.Join("../..", file)); err != nil {
			t.Errorf("%s: %v", link[2], err)
		}
	}
}

// TestRulesWithPromtool: Prometheus' own tool parses all queries, and its unit tests show that the alerts fire and resolve.
func TestRulesWithPromtool(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("promtool is not installed: apt-get install prometheus; CI runs this test")
	}
	folder := t.TempDir()
	var records []any
	for _, query := range dashboard(t) {
		records = append(records, map[string]any{"record": "choreo:panel", "expr": strings.ReplaceAll(query, "$namespace", ".*")})
	}
	tests, err := os.ReadFile("testdata/rules_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range dashboard(t) {
		if strings.Contains(query, "choreo_transitions_total") {
			tests = bytes.ReplaceAll(tests, []byte("TRANSITIONS"), []byte(query))
		}
	}
	write(t, filepath.Join(folder, "rules_test.yaml"), tests)
	for name, rules := range map[string]any{"rules.yaml": groups(t), "panels.yaml": map[string]any{"groups": []any{map[string]any{"name": "panels", "rules": records}}}} {
		text, err := yaml.Marshal(rules)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name), text)
	}
	for _, args := range [][]string{{"check", "rules", "--lint=none", "rules.yaml", "panels.yaml"}, {"test", "rules", "rules_test.yaml"}} {
		cmd := exec.CommandContext(t.Context(), promtool, args...)
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
