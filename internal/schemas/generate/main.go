// Command generate writes the schemas of OpenChoreo's CustomResourceDefinitions in the short form that package schemas embeds:
// one kind per line, without descriptions and status.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: generate FOLDER-OF-DEFINITIONS FILE")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal("error: ", err)
	}
}

func run(folder, target string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("find definitions in %s: there are none (%w)", folder, err)
	}
	lines := make([]string, 0, len(files))
	for _, file := range files {
		line, err := short(file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		lines = append(lines, line)
	}
	return os.WriteFile(target, []byte("{\n"+strings.Join(lines, ",\n")+"\n}\n"), 0o600)
}

// definition holds the used fields of a CustomResourceDefinition. Each of OpenChoreo's has one version.
type definition struct {
	Spec struct {
		Names    struct{ Kind string }
		Versions []struct {
			Schema struct {
				OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
			}
		}
	}
}

func short(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var d definition
	if err := yaml.Unmarshal(text, &d); err != nil {
		return "", err
	}
	if len(d.Spec.Versions) != 1 {
		return "", fmt.Errorf("want one version, there are %d", len(d.Spec.Versions))
	}
	schema := d.Spec.Versions[0].Schema.OpenAPIV3Schema
	if properties, ok := schema["properties"].(map[string]any); ok {
		delete(properties, "status")
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(undescribed(schema)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%q:%s", d.Spec.Names.Kind, strings.TrimSpace(out.String())), nil
}

// undescribed removes descriptions, which are strings. A property named description is an object and stays.
func undescribed(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if _, isText := inner.(string); isText && key == "description" {
				delete(v, key)
				continue
			}
			v[key] = undescribed(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = undescribed(inner)
		}
	}
	return value
}
