package exporter

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
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

// TestServiceMonitor: it selects the Service, and a port that the Service has.
func TestServiceMonitor(t *testing.T) {
	t.Parallel()
	objects := built(t)
	var service corev1.Service
	into(t, objects["Service"], &service)
	var monitor struct {
		Metadata struct{ Namespace string }
		Spec     struct {
			Selector  metav1.LabelSelector
			Endpoints []struct{ Port string }
		}
	}
	text, err := yaml.Marshal(objects["ServiceMonitor"])
	if err == nil {
		err = yaml.Unmarshal(text, &monitor)
	}
	if err != nil {
		t.Fatal(err)
	}
	selector, err := metav1.LabelSelectorAsSelector(&monitor.Spec.Selector)
	if err != nil || selector.Empty() || !selector.Matches(labels.Set(service.Labels)) || monitor.Metadata.Namespace != service.Namespace {
		t.Errorf("selector %s in %s, labels of the Service %v in %s: %v", selector, monitor.Metadata.Namespace, service.Labels, service.Namespace, err)
	}
	if len(monitor.Spec.Endpoints) != 1 || monitor.Spec.Endpoints[0].Port != service.Spec.Ports[0].Name {
		t.Errorf("endpoints %+v, ports %+v", monitor.Spec.Endpoints, service.Spec.Ports)
	}
}
