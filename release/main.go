// Command release fills in the manifests of plugin catalogues with the checksums of the built archives.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"text/template"
)

// release is the data of the templates.
type release struct {
	Version    string    // without the prefix v
	Krew, Flux []archive // the archives of kubectl-choreo and of flux-choreo
}

type archive struct{ OS, Arch, URL, SHA256, Program string }

func main() {
	url := flag.String("url", "https://github.com/kubectl-choreo/kubectl-choreo/releases/download", "base URL of the releases, without the tag")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *url, flag.Args()); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(checksums io.Reader, out io.Writer, url string, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("requires one template: release krew.yaml <dist/checksums.txt")
	}
	r, err := readChecksums(checksums, url)
	if err != nil {
		return err
	}
	t, err := template.ParseFiles(args[0])
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	if err := t.Execute(out, r); err != nil {
		return fmt.Errorf("execute template %s: %w", args[0], err)
	}
	return nil
}

// readChecksums parses a checksum file. The names of the archives contain version and platform.
func readChecksums(checksums io.Reader, url string) (release, error) {
	name := regexp.MustCompile(`^([0-9a-f]{64})  ((kubectl|flux)-choreo_([^_]+)_(\w+)_(\w+)\.(?:tar\.gz|zip))$`)
	var r release
	lines := bufio.NewScanner(checksums)
	for lines.Scan() {
		m := name.FindStringSubmatch(lines.Text())
		if m == nil {
			continue // the checksum of another file, such as an SBOM
		}
		a := archive{OS: m[5], Arch: m[6], URL: url + "/v" + m[4] + "/" + m[2], SHA256: m[1], Program: m[3] + "-choreo"}
		if a.OS == "windows" {
			a.Program += ".exe"
		}
		if r.Version != "" && r.Version != m[4] {
			return r, fmt.Errorf("read checksums: archives of versions %s and %s; build into an empty folder", r.Version, m[4])
		}
		r.Version = m[4]
		if m[3] == "flux" {
			r.Flux = append(r.Flux, a)
		} else {
			r.Krew = append(r.Krew, a)
		}
	}
	if len(r.Krew) == 0 || len(r.Flux) == 0 {
		return r, fmt.Errorf("read checksums: no archive of kubectl-choreo or of flux-choreo; build them with make dist")
	}
	return r, lines.Err()
}
