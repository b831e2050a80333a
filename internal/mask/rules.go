package mask

import (
	"regexp"
	"strings"
)

// below returns the rule for object[key], given the rule and place of object itself. Nested objects, such as those of a
// RenderedRelease or the templates of a ComponentType, follow the same rules.
func below(object map[string]any, key string, at place) rule {
	switch at.rule.mode {
	case allValues, base64Texts:
		return at.rule
	case entryValues:
		if key == "value" || key == "content" {
			return rule{at.rule.secret, allValues}
		}
		return rule{}
	case exceptReferences:
		if isReference(key) || structural[key] {
			return rule{}
		}
		return at.rule
	case byPattern:
	}
	if r := byObject(object, key, at); r.secret != open {
		return r
	}
	return byKey(object, key, at)
}

// below does so for this Masker.
func (m *Masker) below(object map[string]any, key string, at place) rule {
	r := below(object, key, at)
	if m.credentialsOnly && isConfiguration(r.secret) {
		return rule{}
	}
	return r
}

// isConfiguration reports whether values are those of a configuration, of which only some are credentials.
func isConfiguration(s secret) bool {
	switch s {
	case environmentValue, fileContent, configMapData, substitution, helmValue, patch:
		return true
	case open, secretData, kubeConfig, credentialField, urlCredential, privateKey, bearerToken, textCredential, refusedValue, secretCount:
	}
	return false
}

// byObject returns the rule for a field with a special meaning in its kind.
func byObject(object map[string]any, key string, at place) rule {
	kind, _ := object["kind"].(string)
	switch {
	case kind == "Secret" && key == "stringData":
		return rule{secretData, allValues}
	case kind == "Secret" && key == "data":
		return rule{secretData, base64Texts}
	case kind == "ConfigMap" && key == "data":
		return rule{configMapData, allValues}
	case kind == "ConfigMap" && key == "binaryData":
		return rule{configMapData, base64Texts}
	case at.key == "template" && key == "data": // of the Secret that an ExternalSecret creates
		return rule{secretData, allValues}
	case at.key == "postBuild" && key == "substitute":
		return rule{substitution, allValues}
	case at.kind == "HelmRelease" && at.key == "spec" && key == "values":
		return rule{helmValue, allValues}
	case at.key == "helm" && (key == "values" || key == "valuesObject"): // of an Argo CD Application, wherever it repeats its source
		return rule{helmValue, allValues}
	case at.key == "helm" && key == "parameters":
		return rule{helmValue, entryValues}
	case at.key == "patches" && key == "patch": // of a Kustomization, or of a post renderer of a HelmRelease
		return rule{patch, allValues}
	}
	return rule{}
}

// byKey returns the rule for structures that have the same meaning in every kind.
func byKey(object map[string]any, key string, at place) rule {
	switch {
	case environmentKeys[key]:
		return environment(object[key], at)
	case key == "files":
		if _, ok := object[key].([]any); ok {
			return rule{fileContent, entryValues}
		}
	case key == "value" && patchesEnvironment(object):
		if _, ok := object[key].(string); ok {
			return rule{environmentValue, allValues}
		}
		return rule{environmentValue, entryValues}
	case key == "value" && scalar(object[key]) && likeCredential(nameOf(object)):
		return rule{credentialField, allValues}
	case strings.EqualFold(key, "kubeconfig"):
		return rule{kubeConfig, exceptReferences}
	case key == "secretKey" && object["remoteRef"] != nil: // the name of a key, in SecretReferences and ExternalSecrets
		return rule{}
	case likeCredential(key):
		return rule{credentialField, exceptReferences}
	}
	return rule{}
}

var environmentKeys = map[string]bool{
	"env": true, "envs": true, "envVars": true, "extraEnv": true, "extraEnvs": true, "extraEnvVars": true, "environmentVariables": true,
}

// environment returns the rule for environment variables: a list of {name, value} in Kubernetes, of {key, value} in OpenChoreo,
// and a map of values in many charts. A schema for a field of that name does not count, nor does a text, which is a template
// that generates the variables.
func environment(v any, at place) rule {
	switch v := v.(type) {
	case []any:
		return rule{environmentValue, entryValues}
	case map[string]any:
		for _, value := range v {
			if !scalar(value) || at.key == "properties" {
				return rule{}
			}
		}
		return rule{environmentValue, allValues}
	}
	return rule{}
}

// patchesEnvironment recognizes one operation of a Trait: {op, path: /spec/…/env/-, value}.
func patchesEnvironment(object map[string]any) bool {
	path, _ := object["path"].(string)
	return strings.HasSuffix(path, "/env") || strings.Contains(path, "/env/")
}

func scalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// nameOf returns the name of a {name, value} entry, such as an HTTP header.
func nameOf(object map[string]any) string {
	for _, key := range []string{"name", "key"} {
		if name, ok := object[key].(string); ok {
			return name
		}
	}
	return ""
}

var (
	separators      = strings.NewReplacer("-", "", "_", "", ".", "", " ", "")
	credentialWords = regexp.MustCompile(`pass(word|wd|phrase)|secret|token|credential|authorization|cookie|(api|private|access|client|signing|encryption)key`)
	credentialEnds  = regexp.MustCompile(`(pass(word|wd|phrase)|secret|token|credential|key)$`)
	// references matches keys with a credential's name that hold its location, properties or lifetime.
	references = regexp.MustCompile(`(refs?|references?|names?|namespace|path|file|type|kind|url|uri|endpoint|policy|ttl|seconds|provider|stores?|audiences?|pullsecrets?)$`)
)

// likeCredential reports whether a key indicates a credential rather than a reference to one.
func likeCredential(key string) bool {
	return credentialWords.MatchString(flat(key)) && !isReference(key)
}

func endsLikeCredential(key string) bool { return credentialEnds.MatchString(flat(key)) }

func isReference(key string) bool { return references.MatchString(flat(key)) }

// flat normalizes clientSecret, client-secret and CLIENT_SECRET to the same text.
func flat(key string) string { return separators.Replace(strings.ToLower(key)) }

// structural lists the keys below a credential's name that never hold the credential itself: those of references, of pod volumes
// and of schemas.
var structural = map[string]bool{
	"key": true, "apiVersion": true, "items": true, "version": true, "property": true, "mode": true, "optional": true,
	"description": true, "title": true, "format": true, "pattern": true, "required": true, "x-kubernetes-validations": true,
}
