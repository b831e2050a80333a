package rbac

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
)

// parseSubject reads the value of --for.
func parseSubject(value string) (rbacv1.Subject, error) {
	kind, name, found := strings.Cut(value, ":")
	switch {
	case value == "":
		return rbacv1.Subject{}, fmt.Errorf("--for is required: a user, group:NAME or serviceaccount:NAMESPACE/NAME")
	case strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) || r == '%' }):
		return rbacv1.Subject{}, fmt.Errorf("read --for %q: it has characters that no binding can have", value)
	case found && kind == "group" && name != "":
		return rbacv1.Subject{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: name}, nil
	case found && kind == "user" && name != "":
		return rbacv1.Subject{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: name}, nil
	case found && kind == "serviceaccount":
		namespace, account, _ := strings.Cut(name, "/")
		if namespace == "" || account == "" || reference.Namespace(namespace) != nil || reference.Name(account) != nil {
			return rbacv1.Subject{}, fmt.Errorf("read --for %q: write serviceaccount:NAMESPACE/NAME", value)
		}
		return rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: account}, nil
	case found && name == "":
		return rbacv1.Subject{}, fmt.Errorf("invalid --for %q: write %s:NAME", value, kind)
	}
	return rbacv1.Subject{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: value}, nil
}

// objects are the roles and bindings. Within namespaces, a second role has the kinds of the cluster, which a RoleBinding cannot grant, and
// the namespaces of the controllers get roles with less: nothing of a component is there.
func objects(s rbacv1.Subject, o options) []any {
	name := "kubectl-choreo-reader"
	if o.plane {
		name = "kubectl-choreo-plane-reader"
	}
	if len(o.namespaces) == 0 {
		return []any{clusterRole(name, rules(o.plane, true, true)), clusterRoleBinding(name, s)}
	}
	ofCluster := name + "-cluster"
	ofComponents := slices.DeleteFunc(rules(o.plane, true, false), isOfController)
	all := []any{clusterRole(name, ofComponents), clusterRole(ofCluster, rules(o.plane, false, true)), clusterRoleBinding(ofCluster, s)}
	for _, namespace := range slices.Compact(slices.Sorted(slices.Values(o.namespaces))) {
		all = append(all, roleBinding(name, namespace, s))
	}
	if o.plane {
		return all
	}
	for _, controllers := range []struct {
		name, namespace string
		needs           func(rbacv1.PolicyRule) bool
	}{
		{name + "-flux", fluxNamespace, func(r rbacv1.PolicyRule) bool { return isOfFlux(r) || isOfController(r) || isOfEvents(r) }},
		{name + "-controllers", kinds.OpenChoreoController().Namespace, isOfController},
	} {
		needed := slices.DeleteFunc(rules(false, true, false), func(r rbacv1.PolicyRule) bool { return !controllers.needs(r) })
		all = append(all, clusterRole(controllers.name, needed), roleBinding(controllers.name, controllers.namespace, s))
	}
	return all
}

// fluxNamespace is that of Flux's controllers and, after its bootstrap, of the objects that deliver everything else.
const fluxNamespace = "flux-system"

func isOfFlux(r rbacv1.PolicyRule) bool {
	return slices.Contains([]string{kinds.FluxKustomize, kinds.FluxHelm, kinds.FluxOperator, kinds.FluxSource, kinds.FluxExtension}, r.APIGroups[0])
}

// isOfController reports whether a rule is for the signs of life of a controller: its Lease and its Deployment, which are read by name.
func isOfController(r rbacv1.PolicyRule) bool {
	return r.APIGroups[0] == kinds.Coordination || r.APIGroups[0] == kinds.Apps && slices.Equal(r.Verbs, []string{"get"})
}

// isOfEvents reports whether a rule is for events alone.
func isOfEvents(r rbacv1.PolicyRule) bool { return slices.Equal(r.Resources, []string{"events"}) }

// rules are the rights that a trace uses, of the data plane alone or of both, and of namespaced kinds, those of the cluster or both.
func rules(plane, namespaced, clustered bool) []rbacv1.PolicyRule {
	var all []rbacv1.PolicyRule
	for _, r := range kinds.ReadRules() {
		if plane && !r.OnDataPlane {
			continue
		}
		resources := slices.DeleteFunc(slices.Clone(r.Resources), func(resource string) bool {
			if isNamespaced(r.Group, resource) {
				return !namespaced
			}
			return !clustered
		})
		if len(resources) > 0 {
			all = append(all, rbacv1.PolicyRule{APIGroups: []string{r.Group}, Resources: resources, Verbs: r.Verbs})
		}
	}
	return all
}

func isNamespaced(group, resource string) bool {
	resource, _, _ = strings.Cut(resource, "/")
	return slices.ContainsFunc(kinds.ByResource(resource), func(k kinds.Kind) bool { return k.Group == group && k.Namespaced })
}

func clusterRole(name string, rules []rbacv1.PolicyRule) rbacv1.ClusterRole {
	return rbacv1.ClusterRole{
		TypeMeta: metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"}, ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: rules,
	}
}

func clusterRoleBinding(role string, s rbacv1.Subject) rbacv1.ClusterRoleBinding {
	return rbacv1.ClusterRoleBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRoleBinding"},
		ObjectMeta: metav1.ObjectMeta{Name: bindingName(role, s)}, Subjects: []rbacv1.Subject{s}, RoleRef: roleRef(role),
	}
}

func roleBinding(role, namespace string, s rbacv1.Subject) rbacv1.RoleBinding {
	return rbacv1.RoleBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "RoleBinding"},
		ObjectMeta: metav1.ObjectMeta{Name: bindingName(role, s), Namespace: namespace}, Subjects: []rbacv1.Subject{s}, RoleRef: roleRef(role),
	}
}

func roleRef(role string) rbacv1.RoleRef {
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role}
}

// bindingName has the subject in it: the binding of one user does not replace that of another. Names of bindings may have any
// character but / and %.
func bindingName(role string, s rbacv1.Subject) string {
	parts := []string{role, strings.ToLower(s.Kind)}
	if s.Namespace != "" {
		parts = append(parts, s.Namespace)
	}
	return strings.ReplaceAll(strings.Join(append(parts, s.Name), ":"), "/", ":")
}

func manifest(all []any) (string, error) {
	var documents []string
	for _, object := range all {
		text, err := yaml.Marshal(object)
		if err != nil {
			return "", fmt.Errorf("write a role: %w", err)
		}
		documents = append(documents, string(text))
	}
	return strings.Join(documents, "---\n"), nil
}
