// The judge of SARIF logs: checks the one on standard input against OASIS's own schema, which the library go-sarif
// carries, and reads it with that library.
//
//	go run . "$(go list -m -f '{{.Dir}}' github.com/owenrumney/go-sarif/v3)" < log.sarif
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/xeipuuv/gojsonschema"
)

func main() {
	document, err := io.ReadAll(os.Stdin)
	fail(err)
	schema, err := schemaIn(filepath.Join(os.Args[1], "pkg", "report", "v210", "sarif", "schema.go"))
	fail(err)
	// Not the library's Validate: it would judge what it has read, without what it did not understand.
	result, err := gojsonschema.Validate(gojsonschema.NewStringLoader(schema), gojsonschema.NewBytesLoader(document))
	fail(err)
	for _, fault := range result.Errors() {
		fmt.Println("WRONG:", fault)
	}
	if !result.Valid() {
		os.Exit(1)
	}
	log, err := sarif.FromBytes(document)
	fail(err)
	for _, run := range log.Runs {
		fmt.Printf("ok: %d results of %s\n", len(run.Results), *run.Tool.Driver.Name)
	}
}

// schemaIn gives the text of the schema; the library does not export it.
func schemaIn(path string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return "", err
	}
	object := file.Scope.Lookup("schema")
	if object == nil {
		return "", fmt.Errorf("%s has no schema", path)
	}
	value := object.Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit)
	return strconv.Unquote(value.Value)
}

func fail(err error) {
	if err != nil {
		fmt.Println("WRONG:", err)
		os.Exit(1)
	}
}
