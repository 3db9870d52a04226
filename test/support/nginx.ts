import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** Why what needs it is skipped, or false. */
export const nginxMissing = spawnSync('nginx', ['-v']).error ? 'there is no nginx here' : false

export interface Nginx extends AsyncDisposable {
  url: string
}

/** nginx with what stands in its `http` block, which is given the address to listen on. */
export async function startNginx(httpBlock: (listenOn: string) => string | Promise<string>): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-nginx-'))
  const listenOn = `127.0.0.1:${await freePort()}`
  const user = userInfo()
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(of => `${of}_temp_path ${folder}/${of};`)
  const file = join(folder, 'nginx.conf')
  await writeFile(
    file,
    `daemon off; pid ${folder}/nginx.pid; ${user.uid === 0 ? `user ${user.username};` : ''}
    events { worker_connections 64; }
    http { ${scratch.join(' ')} access_log off;
      ${await httpBlock(listenOn)}
    }`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', join(folder, 'nginx.log')], { stdio: 'ignore' })
  const url = `http://${listenOn}`
  await until('nginx answers', () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  )
  return {
    url,
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
      await rm(folder, { recursive: true, force: true })
    },
  }
}
