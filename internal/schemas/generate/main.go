// Command generate writes the definitions of OpenChoreo's, Flux's and Argo CD's kinds in the short form that package schemas embeds:
// without descriptions and status, equal ones once, compressed. It takes them from the Go modules of their authors.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: generate TARGET-FOLDER, in tools/schemas")
	}
	for _, name := range []string{"openchoreo", "flux", "argocd"} {
		if err := write(filepath.Join(os.Args[1], name+".json.gz"), families()[name]); err != nil {
			log.Fatalf("error: write the definitions of %s: %v", name, err)
		}
	}
}

// family is the content of a file.
type family struct {
	// Releases are kinds by release, each with the index of its definition. A kind is group/version/kind.
	Releases map[string]map[string]int `json:"releases"`
	// Installed are the objects that the getting-started guide of a release installs.
	Installed   map[string][]installed `json:"installed,omitempty"`
	Definitions []json.RawMessage      `json:"definitions"`
}

type installed struct {
	Kind         string `json:"kind"`
	Namespace    string `json:"namespace,omitempty"`
	Name         string `json:"name"`
	WorkloadType string `json:"workloadType,omitempty"`
}

func write(target string, releases []release) error {
	f := family{Releases: map[string]map[string]int{}, Installed: map[string][]installed{}}
	for _, r := range releases {
		f.Releases[r.name] = map[string]int{}
		for _, s := range r.sources {
			if err := f.addAll(r.name, s); err != nil {
				return err
			}
		}
		if r.installed != nil {
			var err error
			if f.Installed[r.name], err = r.installed(); err != nil {
				return err
			}
		}
	}
	text, err := encode(f)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	log.Printf("%s: %d definitions, %d bytes, compressed %d", target, len(f.Definitions), len(text), out.Len())
	return os.WriteFile(target, out.Bytes(), 0o600)
}

func (f *family) addAll(release string, s source) error {
	files, err := s.files()
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := f.add(release, file); err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
	}
	return nil
}

// add adds each served version of a definition.
func (f *family) add(release, file string) error {
	d, err := read(file)
	if err != nil {
		return err
	}
	for _, v := range d.Spec.Versions {
		if !v.Served {
			continue
		}
		text, err := encode(short(v.Schema.OpenAPIV3Schema))
		if err != nil {
			return err
		}
		at := slices.IndexFunc(f.Definitions, func(known json.RawMessage) bool { return bytes.Equal(known, text) })
		if at < 0 {
			at = len(f.Definitions)
			f.Definitions = append(f.Definitions, text)
		}
		f.Releases[release][d.Spec.Group+"/"+v.Name+"/"+d.Spec.Names.Kind] = at
	}
	return nil
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes()), err
}
