package requestguard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// isDryRunner reports whether a user agent is that of the client for dry-runs of lint or diff. Such a client sends server-side applies as a
// dry-run and nothing else, and no other client sends one.
func isDryRunner(agent string) bool {
	return strings.HasSuffix(agent, " lint") || strings.HasSuffix(agent, " diff")
}

// appliedName matches the names of all objects. Those of RBAC may have colons and capitals.
var appliedName = regexp.MustCompile(`^[A-Za-z0-9]([-.:_A-Za-z0-9]{0,251}[A-Za-z0-9])?$`)

// dryRun checks that a request is a server-side apply that changes nothing, of the object in its path, which is no Secret.
func dryRun(r Request) error {
	q := r.URL.Query()
	switch {
	case r.Method != http.MethodPatch || r.ContentType != "application/apply-patch+yaml":
		return fmt.Errorf("this client sends nothing but dry-runs of a server-side apply, not %s of %q", r.Method, r.ContentType)
	case !slices.Equal(q["dryRun"], []string{"All"}) || !slices.Equal(q["force"], []string{"true"}) || len(q["fieldManager"]) != 1 || len(q) != 3:
		return fmt.Errorf("parameters %v", q)
	}
	var body struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Namespace string `json:"namespace"`
			Name      string `json:"name"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return fmt.Errorf("the body is no object: %w", err)
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	for _, part := range parts {
		if !appliedName.MatchString(part) {
			return fmt.Errorf("a part of the path is %q", part)
		}
	}
	prefix := "apis/" + body.APIVersion + "/"
	if !strings.Contains(body.APIVersion, "/") {
		prefix = "api/" + body.APIVersion + "/"
	}
	rest, found := strings.CutPrefix(strings.Join(parts, "/"), prefix)
	if !found {
		return fmt.Errorf("the path is not that of %s %s", body.APIVersion, body.Kind)
	}
	if body.APIVersion == "v1" && (body.Kind == "Secret" || slices.Contains(parts, "secrets")) {
		return fmt.Errorf("a Secret")
	}
	return applied(rest, body.Metadata.Namespace, body.Metadata.Name)
}

// applied checks the part of a path after the API version.
func applied(rest, namespace, name string) error {
	if namespace != "" && strings.HasPrefix(rest, "namespaces/"+namespace+"/") {
		rest = strings.TrimPrefix(rest, "namespaces/"+namespace+"/")
	}
	if parts := strings.Split(rest, "/"); len(parts) != 2 || parts[1] != name {
		return fmt.Errorf("the path is not that of the object %q in namespace %q", name, namespace)
	}
	return nil
}
