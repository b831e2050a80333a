package main

import (
	"bytes"
	"errors"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
	yamlv1 "sigs.k8s.io/yaml"
)

// definition holds the used fields of a CustomResourceDefinition.
type definition struct {
	Spec struct {
		Group    string
		Names    struct{ Kind string }
		Versions []struct {
			Name   string
			Served bool
			Schema struct {
				OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
			}
		}
	}
}

func read(file string) (definition, error) {
	var d definition
	text, err := os.ReadFile(file)
	if err != nil {
		return d, err
	}
	return d, yamlv1.Unmarshal(text, &d)
}

// short removes the status, which no client declares, and the descriptions.
func short(schema map[string]any) any {
	if properties, ok := schema["properties"].(map[string]any); ok {
		delete(properties, "status")
	}
	return undescribed(schema)
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

// gettingStarted returns OpenChoreo's objects of a file.
func gettingStarted(file string) ([]installed, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var found []installed
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var o struct {
			Kind     string
			Metadata struct{ Namespace, Name string }
			Spec     struct{ WorkloadType string }
		}
		if err := decoder.Decode(&o); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		if o.Kind != "" {
			found = append(found, installed{o.Kind, o.Metadata.Namespace, o.Metadata.Name, o.Spec.WorkloadType})
		}
	}
}
