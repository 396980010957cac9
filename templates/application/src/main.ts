import 'reflect-metadata';
import { runApplication } from 'plba';
import { RootModule } from './root-module';

void runApplication(RootModule);
